#include "training/result.hpp"

#include <torch/version.h>

#include <algorithm>
#include <set>

#include "base/log.hpp"
#include "base/text.hpp"
#include "base/thread_pool.hpp"
#include "datasets/simulated.hpp"
#include "evaluation/html.hpp"
#include "evaluation/report.hpp"
#include "evaluation/svg.hpp"
#include "models/state.hpp"
#include "training/run.hpp"

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
    std::vector<Series> curves{series};
    if (series.y.size() >= noisy && series.name != "learning_rate") {
        curves.push_back(running_mean(series, series.y.size() / window_share));
    }
    return evaluation::html_figure(evaluation::svg_lines("step", curves), series.name);
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

/// Sensor and origin: those of the mixture.
void describe_data(const RunConfig& config, const datasets::Mixture& mixture,
                   formats::ModelDescription& description) {
    const auto frame = mixture.read(0);
    description.sensor.frame = config.train.front().published_frame ? "published" : "canonical";
    description.sensor.height = frame->sensor_height;
    description.sensor.intensity = frame->intensity_scale;
    add_origin(mixture, description.provenance);
}

void describe_run(const RunConfig& config, formats::ModelDescription& description) {
    auto& provenance = description.provenance;
    const auto* adapts = dynamic_cast<const AdaptRunConfig*>(&config);
    provenance.stage = adapts != nullptr && adapts->adapt.method == AdaptConfig::Method::adabn
                           ? "adabn"
                           : base::name_of(config.stage());
    provenance.program_version = program_version();
    provenance.config_hash = config_hash(config.resolved);
}

}  // namespace

std::string name_of_part(const datasets::Mixture& mixture, std::size_t part) {
    const datasets::Selection& selection = mixture.selection(part);
    std::string name = mixture.part(part).format();
    for (const auto& word : {base::join(selection.sequences, ","),
                             selection.split == "all" ? "" : selection.split, selection.sensor}) {
        if (!word.empty()) {
            name += ':';
            name += word;
        }
    }
    return name;
}

void add_origin(const datasets::Mixture& mixture,
                formats::ModelDescription::Provenance& provenance) {
    auto& data_sets = provenance.data_sets;
    auto& licences = provenance.data_licence;
    for (std::size_t i = 0; i < mixture.parts(); ++i) {
        const bool simulated = datasets::is_simulated(mixture.selection(i).path);
        const std::string name = (simulated ? "simulated " : "") + name_of_part(mixture, i);
        if (std::find(data_sets.begin(), data_sets.end(), name) == data_sets.end()) {
            data_sets.push_back(name);
        }
        const std::string licence = simulated ? "" : datasets::licence_of(mixture.part(i).format());
        if (licences.find(licence) == std::string::npos) {
            licences += licences.empty() ? "" : ", ";
            licences += licence;
        }
    }
}

void write_result(const RunFolder& folder, const RunConfig& config,
                  formats::ModelDescription description, const models::Network& network,
                  const datasets::Mixture& mixture) {
    describe_data(config, mixture, description);
    write_result(folder, config, description, network, mixture.size());
}

void write_fused(const RunFolder& folder, const RunConfig& config,
                 formats::ModelDescription description, const models::Fused& network,
                 const datasets::Mixture& mixture) {
    describe_data(config, mixture, description);
    describe_run(config, description);
    const auto file = folder.folder() / "fused.safetensors";
    formats::write_model(file, {description, models::state_of(network)});
    spdlog::info("wrote {}", file.string());
}

void write_result(const RunFolder& folder, const RunConfig& config,
                  const formats::ModelDescription& description, const models::Network& network,
                  std::size_t frames) {
    formats::ModelFile file;
    file.description = description;
    describe_run(config, file.description);
    file.tensors = models::state_of(network);
    base::write_file(folder.folder() / "report.html",
                     run_report(folder, config, file.description, frames));
    formats::write_model(folder.model_file(), file);
    spdlog::info("wrote {}", folder.model_file().string());
}

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
