#include <unordered_set>

#include "base/error.hpp"
#include "base/log.hpp"
#include "models/described.hpp"
#include "training/cross_modal.hpp"
#include "training/result.hpp"
#include "training/run.hpp"
#include "training/stages.hpp"
#include "training/teacher.hpp"
#include "training/training_loop.hpp"
#include "training/validation.hpp"

namespace distillar::training {

namespace {

/// What each step sees: some frames that keep their labels, and some of all frames.
class Draws {
public:
    Draws(const FuseRunConfig& config, const datasets::Mixture& mixture)
        : labelled_(labelled_frames(mixture, config.labelled, config.seed)),
          known_(labelled_.begin(), labelled_.end()),
          of_labelled_(batch_of_labelled(config, mixture)),
          of_any_(config.batch - of_labelled_),
          labelled_draws_(mixture, config.seed, of_labelled_, labelled_),
          any_draws_(mixture, config.seed, of_any_) {}

    std::size_t labelled() const { return labelled_.size(); }
    bool is_labelled(const Draw& draw) const {
        return known_.contains(static_cast<std::uint32_t>(draw.frame));
    }
    std::vector<Draw> of(std::int64_t step) const {
        auto draws = labelled_draws_.draws(step);
        const auto more = any_draws_.draws(step);
        draws.insert(draws.end(), more.begin(), more.end());
        return draws;
    }

private:
    int batch_of_labelled(const FuseRunConfig& config, const datasets::Mixture& mixture) const {
        if (config.labelled.batch > 0) {
            return config.labelled.batch;
        }
        if (labelled_.size() == mixture.size()) {
            return 0;
        }
        if (config.batch == 1) {
            base::fail(
                "batch: 1 leaves no place for the {} frames without labels; use 2 or more, "
                "or set labelled.batch: 1 if labelled frames alone are meant",
                mixture.size() - labelled_.size());
        }
        return (config.batch + 1) / 2;
    }

    std::vector<std::uint32_t> labelled_;
    std::unordered_set<std::uint32_t> known_;
    int of_labelled_;  ///< frames a step
    int of_any_;
    Sampler labelled_draws_;
    Sampler any_draws_;
};

struct CrossModalBatch {
    models::TorchBatch scans;
    models::PointViews views;
};

CrossModalBatch collate(const std::vector<inference::SeenSample>& samples,
                        const FuseRunConfig& config) {
    std::vector<const geometry::Sample*> scans;
    for (const auto& sample : samples) {
        scans.push_back(&sample.sample);
    }
    const torch::Device device = device_of(config);
    const models::PointViews views = inference::point_views(samples);
    return {models::to_torch(geometry::make_batch(scans, config.model.input.grids), device),
            {views.point.to(device), views.features.to(device)}};
}

/// Data without labels teach by their images alone: those of another sensor, or of the streets
/// where the network is to work. @throws base::Error for labels that are not the setting's.
void require_known_labels(const datasets::Labelling& labelling, const datasets::Mixture& mixture) {
    for (std::size_t i = 0; i < mixture.parts(); ++i) {
        const auto& part = mixture.part(i);
        if (has_labels(part)) {
            require_format(labelling, part.format(), mixture.selection(i).path.string());
        }
    }
}

/// @throws base::Error unless some camera sees some point.
void require_visible_points(const datasets::Mixture& mixture) {
    std::size_t views = 0;
    for (std::size_t i = 0; i < mixture.size(); ++i) {
        const auto frame = mixture.read(i);
        for (const auto& view : frame->views) {
            ++views;
            if (!inference::look_through(view, frame->points).pixels.empty()) {
                return;
            }
        }
    }
    if (views == 0) {
        base::fail(
            "none of the {} frames has a camera image, and fusion needs them; check cameras with "
            "`distillar info`",
            mixture.size());
    }
    base::fail(
        "no camera sees any point of the {} frames: the calibration is wrong, or turned; look with "
        "`distillar project`",
        mixture.size());
}

/// What the files of a fused model say about how it looks at images.
formats::ModelDescription::Fusion describe_fusion(const FuseConfig& config,
                                                  models::Teacher& teacher) {
    return {base::name_of(config.fusion),
            static_cast<int>(teacher.channels()),
            config.hidden,
            config.heads,
            config.adapter,
            teacher.fingerprint()};
}

std::shared_ptr<models::CrossModal> start_model(const FuseRunConfig& config,
                                                const formats::ModelDescription& description) {
    auto student = start_network(config, description);
    auto model = std::make_shared<models::CrossModal>(
        models::build_fused(description, std::move(student)),
        models::ProjectionConfig{config.fuse.projection_hidden, config.fuse.projection});
    model->to(device_of(config));
    model->train();
    return model;
}

/// The backbone's learning rates are those of `train`; all that looks at images has the full one.
std::vector<TrainedParameter> parameters_of(models::CrossModal& model,
                                            const FuseRunConfig& config) {
    const std::string prefix = "network.student.";
    auto parameters = fine_tuned_parameters(model.network().student(), config);
    for (auto& parameter : parameters) {
        parameter.name = prefix + parameter.name;
    }
    for (auto& parameter : trained_parameters(model)) {
        if (!parameter.name.starts_with(prefix)) {
            parameters.push_back(std::move(parameter));
        }
    }
    return parameters;
}

std::map<std::string, double> metrics_of(const CrossModalStep& step, const CrossModalBatch& batch,
                                         double loss) {
    auto metrics = supervised_metrics(step.output.student_logits, batch.scans.labels, loss);
    const auto fused = supervised_metrics(step.output.fused_logits, batch.scans.labels, loss);
    if (fused.contains("accuracy")) {
        metrics["fused_accuracy"] = fused.at("accuracy");
    }
    for (const auto& [name, value] : step.parts) {
        metrics["loss." + name] = value;
    }
    metrics["views"] = static_cast<double>(batch.views.size());
    return metrics;
}

}  // namespace

void fuse(const FuseRunConfig& config, const std::filesystem::path& run, const Started& started) {
    const datasets::Labelling labelling = datasets::labelling_of(config.setting, "source");
    const auto teacher = open_teacher(config.teacher, device_of(config));
    const datasets::Mixture mixture(config.train);
    require_known_labels(labelling, mixture);
    require_visible_points(mixture);
    datasets::require_sweeps(mixture, config.fuse.sweeps);
    const Draws draws(config, mixture);
    const Schedule schedule(config, static_cast<std::int64_t>(mixture.epoch_size()));
    auto description = described(config, labelling);
    description.fusion = describe_fusion(config.fuse, *teacher);
    const auto model = start_model(config, description);
    AdamW optimiser(parameters_of(*model, config), adamw_config(config));
    Validation validation(config, labelling);
    RunFolder folder(run, config);
    started();
    if (folder.finished()) {
        return;
    }

    spdlog::info("{} of {} frames keep their labels", draws.labelled(), mixture.size());
    teacher->prepare(
        [&] { return draw_images(mixture, static_cast<std::size_t>(config.teacher.pca_images)); });
    description.fusion->teacher_fingerprint = teacher->fingerprint();  // now with its PCA
    TrainingLoop loop(config, schedule, folder, *model, optimiser);
    auto batches = loop.prefetch([&](std::int64_t step) {
        std::vector<inference::SeenSample> samples;
        for (const auto& draw : draws.of(step)) {
            samples.push_back(cross_modal_sample(mixture, draw, labelling, draws.is_labelled(draw),
                                                 config, *teacher));
        }
        return collate(samples, config);
    });
    while (const auto batch = batches.next()) {
        const auto& [scans, views] = *batch;
        CrossModalStep result;
        double loss = 0;
        if (scans.labels.defined()) {  // else all crops lie outside the field of view
            const auto step = static_cast<std::uint64_t>(loop.step());
            base::Random random(config.seed, step, 0, pair_stream);
            model->network().student().backbone().set_step(config.seed, step);
            result = cross_modal_step(*model, scans, views, scans.labels, config.fuse.loss,
                                      config.loss.lovasz, random);
            auto tensors = tensors_of(scans);
            tensors["view.point"] = views.point;
            tensors["view.features"] = views.features;
            loss = loop.descend(result.loss, tensors);
        }
        if (loop.logs()) {
            loop.log(metrics_of(result, *batch, loss));
        }
        validation.after_step(loop, model->network().student(), *model);
        loop.end_step(loss, validation.note());
    }
    validation.take_best(folder, *model);
    teacher->finish();
    description.provenance.teacher = teacher->name();
    description.provenance.teacher_licence = teacher->licence();
    write_fused(folder, config, description, model->network(), mixture);
    description.fusion.reset();
    write_result(folder, config, description, model->network().student(), mixture);
}

}  // namespace distillar::training
