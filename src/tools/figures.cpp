// distillar-figures RUNS: gathers the figures of scripts/real-excerpts.sh or scripts/city-shift.sh
// into RUNS/figures.md, and draws RUNS/loss.png of distillations. Mean and spread (min to max) over
// the seeds that are there. Where there is one kind of model, labels are rows and tests columns.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/files.hpp"
#include "evaluation/chart.hpp"

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

/// Results of one (labels, model, test): one JSON per seed.
struct Key {
    std::string labels, model, test;
    auto operator<=>(const Key&) const = default;
};
using Results = std::map<Key, std::vector<json>>;

/// In this order, those that are there.
std::vector<std::string> models_of(const Results& results) {
    std::vector<std::string> models;
    for (const char* name : {"scratch", "frozen-linear", "frozen-mlp", "fine-tuned",
                             "scratch-no-tilt", "fine-tuned-no-tilt"}) {
        if (std::any_of(results.begin(), results.end(),
                        [&](const auto& result) { return result.first.model == name; })) {
            models.emplace_back(name);
        }
    }
    return models;
}

std::vector<fs::path> sorted_entries(const fs::path& folder) {
    std::vector<fs::path> entries;
    for (const auto& entry : fs::directory_iterator(folder)) {
        entries.push_back(entry.path());
    }
    std::sort(entries.begin(), entries.end());
    return entries;
}

Results read_results(const fs::path& folder) {
    Results results;
    for (const auto& seed : sorted_entries(folder)) {
        for (const auto& file : sorted_entries(seed)) {
            const std::string name = file.stem().string();
            const auto first = name.find('.');
            const auto second = name.find('.', first + 1);
            const Key key{name.substr(0, first), name.substr(first + 1, second - first - 1),
                          name.substr(second + 1)};
            results[key].push_back(json::parse(distillar::base::read_text(file)));
        }
    }
    return results;
}

std::vector<double> values_of(const std::vector<json>& runs, const std::string& field) {
    std::vector<double> values;
    for (const auto& run : runs) {
        if (run.at(field).is_number()) {
            values.push_back(run.at(field).get<double>());
        }
    }
    return values;
}

/// "41.2 (39.0-43.1)" in percent, or as they are with `scale` 1.
std::string mean_and_spread(const std::vector<double>& values, double scale = 100, int digits = 1) {
    if (values.empty()) {
        return "-";
    }
    double sum = 0;
    for (const double value : values) {
        sum += value;
    }
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    const double mean = sum / static_cast<double>(values.size());
    return fmt::format("{:.{}f} ({:.{}f}-{:.{}f})", scale * mean, digits, scale * *low, digits,
                       scale * *high, digits);
}

using Directions = std::set<std::pair<std::string, std::string>>;

Directions directions_of(const Results& results) {
    Directions directions;
    for (const auto& [key, runs] : results) {
        directions.insert({key.labels, key.test});
    }
    return directions;
}

/// One kind of model: labels as rows, tests as columns.
std::string matrix(const Results& results, const std::string& model, const std::string& field,
                   double scale, int digits) {
    std::set<std::string> labels, tests;
    for (const auto& direction : directions_of(results)) {
        labels.insert(direction.first);
        tests.insert(direction.second);
    }
    std::string text = "| labels \\ test |", rule = "|---|";
    for (const auto& test : tests) {
        text += fmt::format(" {} |", test);
        rule += "---|";
    }
    text += "\n" + rule + "\n";
    for (const auto& row : labels) {
        text += fmt::format("| {} |", row);
        for (const auto& test : tests) {
            const auto found = results.find({row, model, test});
            text += fmt::format(
                " {} |", found == results.end()
                             ? "-"
                             : mean_and_spread(values_of(found->second, field), scale, digits));
        }
        text += "\n";
    }
    return text;
}

std::string table(const Results& results, const std::string& field, double scale, int digits) {
    const auto models = models_of(results);
    if (models.size() == 1) {
        return matrix(results, models.front(), field, scale, digits);
    }
    std::string text = "| labels -> test |";
    std::string rule = "|---|";
    for (const auto& model : models) {
        text += fmt::format(" {} |", model);
        rule += "---|";
    }
    text += "\n" + rule + "\n";
    for (const auto& [labels, test] : directions_of(results)) {
        text += fmt::format("| {} -> {} |", labels, test);
        for (const auto& model : models) {
            const auto found = results.find({labels, model, test});
            const auto cell = found == results.end()
                                  ? "-"
                                  : mean_and_spread(values_of(found->second, field), scale, digits);
            text += fmt::format(" {} |", cell);
        }
        text += "\n";
    }
    return text;
}

std::string class_tables(const Results& results) {
    const auto models = models_of(results);
    std::string text;
    for (const auto& [labels, test] : directions_of(results)) {
        text += fmt::format("\n**{} -> {}**\n\n| class | points |", labels, test);
        std::string rule = "|---|---|";
        for (const auto& model : models) {
            text += fmt::format(" {} |", model);
            rule += "---|";
        }
        text += "\n" + rule + "\n";
        const json* reference = nullptr;
        for (const auto& model : models) {
            if (const auto found = results.find({labels, model, test}); found != results.end()) {
                reference = &found->second.front();
            }
        }
        if (reference == nullptr) {
            continue;
        }
        for (std::size_t c = 0; c < reference->at("classes").size(); ++c) {
            const json& entry = reference->at("classes").at(c);
            text += fmt::format("| {} | {} |", entry.at("name").get<std::string>(),
                                entry.at("points").get<std::int64_t>());
            for (const auto& model : models) {
                std::vector<double> values;
                if (const auto found = results.find({labels, model, test});
                    found != results.end()) {
                    for (const auto& run : found->second) {
                        const json& iou = run.at("classes").at(c).at("iou");
                        if (iou.is_number()) {
                            values.push_back(iou.get<double>());
                        }
                    }
                }
                text += fmt::format(" {} |", mean_and_spread(values));
            }
            text += "\n";
        }
    }
    return text;
}

/// The lines of metrics.jsonl of every seed's distillation.
std::vector<std::vector<json>> distillation_metrics(const fs::path& runs) {
    std::vector<std::vector<json>> all;
    for (const auto& seed : sorted_entries(runs)) {
        std::ifstream file(seed / "pretrain/metrics.jsonl");
        std::vector<json> lines;
        for (std::string line; std::getline(file, line);) {
            lines.push_back(json::parse(line));
        }
        if (!lines.empty()) {
            all.push_back(std::move(lines));
        }
    }
    return all;
}

std::string distillation_text(const std::vector<std::vector<json>>& metrics) {
    std::map<std::string, std::vector<double>> last;
    for (const auto& lines : metrics) {
        std::vector<double> losses;
        for (const auto& line : lines) {
            if (line.contains("loss")) {
                losses.push_back(line.at("loss").get<double>());
            }
            for (const char* name : {"validation.loss", "validation.cosine"}) {
                if (line.contains(name)) {
                    last[name].push_back(line.at(name).get<double>());
                }
            }
        }
        const std::size_t tail = std::min<std::size_t>(10, losses.size());
        double sum = 0;
        for (std::size_t i = losses.size() - tail; i < losses.size(); ++i) {
            sum += losses[i];
        }
        last["training"].push_back(sum / static_cast<double>(std::max<std::size_t>(1, tail)));
    }
    return fmt::format(
        "| | mean (range over seeds) |\n|---|---|\n"
        "| training loss, last ten logged steps | {} |\n"
        "| loss on PandaSet 001 (held out) | {} |\n"
        "| cosine on PandaSet 001 (held out) | {} |\n",
        mean_and_spread(last["training"], 1, 3), mean_and_spread(last["validation.loss"], 1, 3),
        mean_and_spread(last["validation.cosine"], 1, 3));
}

void draw_losses(const std::vector<std::vector<json>>& metrics, const fs::path& file) {
    distillar::evaluation::Chart chart{"Distillation loss", "step", "loss", {}};
    for (std::size_t seed = 0; seed < metrics.size(); ++seed) {
        distillar::evaluation::Series series{fmt::format("seed {}", seed), {}, {}};
        for (const auto& line : metrics[seed]) {
            if (line.contains("loss")) {
                series.x.push_back(line.at("step").get<double>());
                series.y.push_back(line.at("loss").get<double>());
            }
        }
        chart.series.push_back(std::move(series));
    }
    distillar::formats::write_png(file, distillar::evaluation::draw_chart(chart));
}

void run(const fs::path& runs) {
    const Results results = read_results(runs / "results");
    const auto metrics = distillation_metrics(runs);
    std::string text = metrics.empty() ? "" : "## Distillation\n\n" + distillation_text(metrics);
    const auto add = [&](const char* title, const char* field, double scale, int digits) {
        text += fmt::format("\n## {}\n\n{}", title, table(results, field, scale, digits));
    };
    add("mIoU over common classes (`miou_common`), %", "miou_common", 100, 1);
    add("mIoU over all classes of the truth (`miou`), %", "miou", 100, 1);
    add("mIoU, published form (`miou_nanmean`), %", "miou_nanmean", 100, 1);
    add("Accuracy, %", "accuracy", 100, 1);
    add("Mean prediction entropy, nats", "entropy", 1, 3);
    text += "\n## IoU per class, %\n" + class_tables(results);
    distillar::base::write_file(runs / "figures.md", text);
    if (!metrics.empty()) {
        draw_losses(metrics, runs / "loss.png");
    }
    fmt::print("{}\nwrote {}\n", text, (runs / "figures.md").string());
}

}  // namespace

int main(int argc, char** argv) {
    try {
        if (argc != 2) {
            std::fprintf(stderr, "usage: distillar-figures RUNS  (see scripts/real-excerpts.sh)\n");
            return 2;
        }
        run(argv[1]);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "distillar-figures: error: %s\n", error.what());
        return 1;
    }
}
