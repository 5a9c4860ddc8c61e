#include <fmt/format.h>

#include <cmath>

#include "base/files.hpp"
#include "base/text.hpp"
#include "evaluation/html.hpp"
#include "study/results.hpp"
#include "training/result.hpp"

namespace distillar::study {

namespace {

namespace fs = std::filesystem;
using evaluation::Spread;
using nlohmann::ordered_json;

std::string markdown(const Table& table) {
    std::string text;
    for (std::size_t row = 0; row < table.size(); ++row) {
        text += "| " + base::join(table[row], " | ") + " |\n";
        if (row == 0) {
            text += "|";
            for (std::size_t i = 0; i < table[row].size(); ++i) {
                text += "---|";
            }
            text += "\n";
        }
    }
    return text;
}

/// A title without Markdown's marks.
std::string plain(std::string title) {
    std::erase(title, '`');
    return title;
}

std::string html_table_of(const Table& table) {
    auto html = table;
    for (auto& row : html) {
        for (auto& cell : row) {
            cell = evaluation::escape_html(cell);
        }
    }
    return evaluation::html_table(html);
}

std::string bars_of(const Results& results, const Metric& metric) {
    evaluation::GroupedBars bars{{}, results.recipes, {}};
    for (const auto& column : results.columns) {
        bars.groups.push_back(column.name);
    }
    for (const auto& recipe : results.recipes) {
        bars.values.emplace_back();
        for (const auto& column : results.columns) {
            const Spread spread = results.spread(recipe, column.name, metric.key);
            bars.values.back().push_back({metric.scale * spread.mean, metric.scale * spread.low,
                                          metric.scale * spread.high});
        }
    }
    return evaluation::html_figure(evaluation::svg_grouped_bars(bars),
                                   plain(metric.title) + ": mean and range over seeds.");
}

/// The loss of every run of a recipe with the first seed.
std::string losses_of(const Study& study, const Plan& plan, const Recipe& recipe) {
    std::vector<evaluation::Series> curves;
    for (const auto& run : plan.runs) {
        if (run.recipe == recipe.name && run.seed == study.seeds.front()) {
            auto series = training::logged_series(
                training::read_metrics(run.folder / "metrics.jsonl"), "loss");
            series.name = run.of.empty() ? "all settings" : run.of;
            if (!series.x.empty()) {
                curves.push_back(std::move(series));
            }
        }
    }
    return curves.empty() ? ""
                          : evaluation::html_figure(
                                evaluation::svg_lines("step", curves),
                                fmt::format("{}: loss, seed {}", recipe.name, study.seeds.front()));
}

std::string link_to(const fs::path& file, const fs::path& out, const std::string& text) {
    return fs::exists(file)
               ? evaluation::html_link(file.lexically_relative(out).generic_string(), text)
               : evaluation::escape_html(text);
}

/// Rows runs, with links to their pages and those of their tests.
std::string links(const Study& study, const Plan& plan, const fs::path& out) {
    std::vector<std::vector<std::string>> rows{{"run", "seed", "tests"}};
    for (const auto& run : plan.runs) {
        const std::string name = run.of.empty() ? run.recipe : run.recipe + ", " + run.of;
        std::string tests;
        for (const auto& result : plan.results) {
            if (result.run == run.folder) {
                const auto& page = result.report.empty() ? result.json : result.report;
                tests +=
                    link_to(page, out, column_of(study, result.setting, result.test).name) + " ";
            }
        }
        rows.push_back(
            {link_to(run.folder / "report.html", out, name), fmt::format("{}", run.seed), tests});
    }
    return evaluation::html_table(rows);
}

std::string seeds_line(const Study& study) {
    return study.seeds.size() == 1
               ? fmt::format("One seed: {}.", study.seeds.front())
               : fmt::format("Mean (lowest-highest) over seeds {}, as far as they are run.",
                             fmt::join(study.seeds, ", "));
}

ordered_json number(double value) {
    return std::isfinite(value) ? ordered_json(value) : ordered_json(nullptr);
}

}  // namespace

void write_results(const Study& study, const Plan& plan, const Results& results,
                   const Durations& durations, const fs::path& out) {
    std::string text = fmt::format("# {}\n\n{}\n", study.title, seeds_line(study));
    ordered_json json{{"study", study.title}, {"seeds", study.seeds}};
    for (const auto& [title, table] : tables_of(study, plan, results, durations)) {
        text += fmt::format("\n## {}\n\n{}", title, markdown(table));
    }
    for (const auto& result : plan.results) {
        if (fs::exists(result.json)) {
            json["tests"].push_back(
                {{"recipe", result.recipe},
                 {"setting", result.setting},
                 {"test", result.test},
                 {"seed", result.seed},
                 {"result", ordered_json::parse(base::read_text(result.json), nullptr, false)}});
        }
    }
    for (const auto& recipe : results.recipes) {
        for (const auto& column : results.columns) {
            ordered_json cell{{"recipe", recipe}, {"column", column.name}};
            for (const auto& metric : metrics()) {
                const Spread spread = results.spread(recipe, column.name, metric.key);
                cell[metric.key] = {number(spread.mean), number(spread.low), number(spread.high)};
                if (metric.compared) {
                    const Spread gain =
                        results.gain(recipe, study.baseline, column.name, metric.key);
                    cell[std::string("gain_") + metric.key] = {number(gain.mean), number(gain.low),
                                                               number(gain.high)};
                    cell[std::string("gap_closed_") + metric.key] =
                        number(gap_closed(study, results, recipe, column.name, metric.key));
                }
            }
            json["cells"].push_back(std::move(cell));
        }
    }
    base::write_file(out / "results.md", text);
    base::write_file(out / "results.json", json.dump(1) + "\n");
}

void write_report(const Study& study, const Plan& plan, const Results& results,
                  const Durations& durations, const fs::path& out) {
    const Metric& headline = metrics().front();
    std::string html = evaluation::html_paragraph(seeds_line(study));
    if (!results.recipes.empty()) {
        html += bars_of(results, headline);
        for (const auto& [title, table] : tables_of(study, plan, results, durations)) {
            html += evaluation::html_heading(plain(title)) + html_table_of(table);
        }
    }
    html += evaluation::html_heading("Curves");
    for (const auto& recipe : study.recipes) {
        html += losses_of(study, plan, recipe);
    }
    html += evaluation::html_heading("Runs") + links(study, plan, out);
    base::write_file(out / "report.html", evaluation::html_page(study.title, html));
}

}  // namespace distillar::study
