#include "training/validation.hpp"

#include <cmath>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/log.hpp"
#include "evaluation/metrics.hpp"
#include "formats/safetensors.hpp"
#include "inference/prediction.hpp"
#include "losses/segmentation.hpp"
#include "models/state.hpp"
#include "training/run.hpp"
#include "training/samples.hpp"

namespace distillar::training {

namespace {

constexpr const char* chosen_by = "validation.miou_common";

/// Evaluation mode while it lives; then every module is in its own mode again.
class EvaluationMode {
public:
    explicit EvaluationMode(torch::nn::Module& module) {
        for (const auto& part : module.modules()) {  // parents before their children
            modes_.emplace_back(part, part->is_training());
        }
        module.eval();
    }
    ~EvaluationMode() {
        for (const auto& [module, training] : modes_) {
            module->train(training);
        }
    }
    EvaluationMode(const EvaluationMode&) = delete;
    EvaluationMode& operator=(const EvaluationMode&) = delete;

private:
    std::vector<std::pair<std::shared_ptr<torch::nn::Module>, bool>> modes_;
};

/// A model may not be chosen by the labels that it is to do without.
void require_source(const RunConfig& config, const datasets::Mixture& frames) {
    const auto setting = datasets::load_setting(config.setting);
    for (std::size_t i = 0; i < frames.parts(); ++i) {
        const auto& selection = frames.selection(i);
        const std::string& format = frames.part(i).format();
        const bool other_format =
            format == setting.target.format && format != setting.source.format;
        const bool other_sensor = format == setting.target.format && !selection.sensor.empty() &&
                                  selection.sensor == setting.target.sensor &&
                                  selection.sensor != setting.source.sensor;
        if (other_format || other_sensor) {
            base::fail(
                "{}: is of the target of {}; data.validation takes frames of its source ({}{}): "
                "the target's labels must not choose a model",
                selection.path.string(), config.setting, setting.source.format,
                setting.source.sensor.empty() ? "" : " " + setting.source.sensor);
        }
    }
}

std::filesystem::path best_file(const RunFolder& folder) {
    return folder.folder() / "checkpoints/best.safetensors";
}

/// The highest value that the run has logged.
std::optional<LoggedStep> best_of(const RunFolder& folder) {
    std::optional<LoggedStep> best;
    for (auto& logged : read_metrics(folder.metrics_file())) {
        if (logged.values.contains(chosen_by) &&
            (!best || logged.values.at(chosen_by) > best->values.at(chosen_by))) {
            best = std::move(logged);
        }
    }
    return best;
}

}  // namespace

Validation::Validation(const RunConfig& config, const datasets::Labelling& labelling)
    : config_(config), labelling_(labelling), frames_(config.validation) {
    require_source(config, frames_);
    require_labels(labelling, frames_);
}

std::map<std::string, double> Validation::measure(models::Network& network) const {
    const torch::NoGradGuard no_grad;
    const EvaluationMode evaluation_mode(network);
    const auto& classes = labelling_.taxonomy.classes;
    evaluation::ConfusionMatrix confusion(classes.size());
    double loss = 0;
    double points = 0;
    for (std::size_t i = 0; i < frames_.size(); ++i) {
        const auto scan = labelling_.scan(*frames_.read(i));
        const auto sample = geometry::preprocess(scan, config_.model.input, nullptr, nullptr);
        if (sample.size() == 0) {
            confusion.add(scan.labels, inference::empty_prediction(scan.labels.size()).classes);
            continue;
        }
        const auto batch = batch_of({sample}, config_.model.input, device_of(config_));
        const torch::Tensor logits = network.forward(batch);
        const auto labelled = batch.labels.ne(losses::ignore_label).sum().item<double>();
        if (labelled > 0) {
            loss += labelled *
                    losses::segmentation(logits, batch.labels, config_.loss.lovasz).item<double>();
            points += labelled;
        }
        confusion.add(scan.labels, inference::prediction_of(logits, scan, sample).classes);
    }
    const auto metrics = evaluation::metrics_from(confusion, classes);
    return {{"validation.loss", loss / points},
            {chosen_by, metrics.miou_common},
            {"validation.miou", metrics.miou}};
}

void Validation::after_step(TrainingLoop& loop, models::Network& network,
                            const torch::nn::Module& kept) {
    const std::int64_t done = loop.step() + 1;
    const bool due = config_.validate_every > 0 && done % config_.validate_every == 0;
    if (frames_.size() == 0 || (!due && done != loop.steps())) {
        return;
    }
    const auto metrics = measure(network);
    const double value = metrics.at(chosen_by);
    note_ = fmt::format("miou_common {:.1f} %", 100 * value);
    if (config_.keep == Keep::best) {
        if (std::isnan(value)) {
            base::fail(
                "data.validation: no class has {} points, so miou_common cannot tell the best; "
                "select more frames, or set keep: last",
                evaluation::common_points);
        }
        const auto best = best_of(loop.folder());
        if (!best || value > best->values.at(chosen_by)) {
            formats::write_safetensors(best_file(loop.folder()), models::state_of(kept));
        }
    }
    loop.folder().log_metrics(done, metrics);
}

void Validation::take_best(const RunFolder& folder, torch::nn::Module& kept) const {
    if (config_.keep != Keep::best) {
        return;
    }
    const auto best = best_of(folder).value();
    const auto file = best_file(folder);
    models::load_state(kept, formats::read_safetensors(file).tensors, file.string());
    spdlog::info("keeps the state after step {}: miou_common {:.1f} % on data.validation",
                 best.step, 100 * best.values.at(chosen_by));
}

}  // namespace distillar::training
