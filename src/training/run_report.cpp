#include "training/run_report.hpp"

#include <torch/version.h>

#include <set>

#include "base/thread_pool.hpp"
#include "evaluation/html.hpp"
#include "evaluation/report.hpp"
#include "evaluation/svg.hpp"

namespace distillar::training {

namespace {

using evaluation::Series;

constexpr std::size_t noisy = 40;  // values from which on a running mean helps the eye
constexpr std::size_t window_share = 20;

std::set<std::string> names_in(const std::vector<LoggedStep>& steps) {
    std::set<std::string> names;
    for (const auto& logged : steps) {
        for (const auto& [name, value] : logged.values) {
            names.insert(name);
        }
    }
    return names;
}

/// Mean of each value and those before it, `window` in all.
Series running_mean(const Series& series, std::size_t window) {
    Series mean{fmt::format("mean of the last {}", window), series.x, {}};
    for (std::size_t i = 0; i < series.y.size(); ++i) {
        const std::size_t first = i + 1 < window ? 0 : i + 1 - window;
        double sum = 0;
        for (std::size_t k = first; k <= i; ++k) {
            sum += series.y[k];
        }
        mean.y.push_back(sum / static_cast<double>(i + 1 - first));
    }
    return mean;
}

std::string curve(const Series& series) {
    evaluation::Chart chart{"", "step", "", {series}};
    if (series.y.size() >= noisy && series.name != "learning_rate") {
        chart.series.push_back(running_mean(series, series.y.size() / window_share));
    }
    return evaluation::html_figure(evaluation::svg_lines(chart), series.name);
}

evaluation::Facts facts_of(const RunConfig& config, const formats::ModelDescription& model,
                           std::size_t frames) {
    evaluation::Facts facts{{"seed", fmt::format("{}", config.seed)},
                            {"setting", config.setting},
                            {"began with", config.weights.string()}};
    for (const auto& selection : config.train) {
        facts.emplace_back("data", selection_text(selection));
    }
    facts.emplace_back("frames", fmt::format("{}, {} a step", frames, config.batch));
    for (auto& fact : evaluation::model_facts(model)) {
        facts.push_back(std::move(fact));
    }
    facts.emplace_back("run by", fmt::format("LibTorch {}, {}, threads: {}", TORCH_VERSION,
                                             base::name_of(config.device), base::thread_count()));
    return facts;
}

}  // namespace

Series logged_series(const std::vector<LoggedStep>& steps, const std::string& name) {
    Series series{name, {}, {}};
    for (const auto& logged : steps) {
        if (const auto found = logged.values.find(name); found != logged.values.end()) {
            series.x.push_back(static_cast<double>(logged.step));
            series.y.push_back(found->second);
        }
    }
    return series;
}

std::string run_report(const RunFolder& folder, const RunConfig& config,
                       const formats::ModelDescription& model, std::size_t frames) {
    const auto steps = read_metrics(folder.metrics_file());
    evaluation::Facts last;
    std::string curves;
    for (const auto& name : names_in(steps)) {
        const Series series = logged_series(steps, name);
        last.emplace_back("last " + name, fmt::format("{:.4g}", series.y.back()));
        if (series.y.size() > 1) {
            curves += curve(series);
        }
    }
    last.emplace_back("steps", fmt::format("{}", steps.empty() ? 0 : steps.back().step));
    const std::string name = folder.folder().lexically_normal().string();
    return evaluation::html_page(
        base::name_of(config.stage()) + ": " + name,
        evaluation::html_tiles(last) + evaluation::html_facts(facts_of(config, model, frames)) +
            evaluation::html_heading("Curves") + curves + evaluation::html_heading("Config") +
            evaluation::html_folded("config.yaml, fully resolved", config.resolved));
}

}  // namespace distillar::training
