#include "base/error.hpp"
#include "base/log.hpp"
#include "losses/distillation.hpp"
#include "training/result.hpp"
#include "training/run.hpp"
#include "training/samples.hpp"
#include "training/stages.hpp"
#include "training/teacher.hpp"
#include "training/training_loop.hpp"

namespace distillar::training {

namespace {

/// Scans of one step with the teacher's features, ready for the network.
struct DistillationBatch {
    models::TorchBatch scans;
    torch::Tensor rows;      ///< P rows of the scans
    torch::Tensor features;  ///< P x D
};

DistillationBatch collate(const std::vector<DistillationSample>& samples,
                          const geometry::InputSpec& input, torch::Device device) {
    std::vector<const geometry::Sample*> scans;
    std::vector<std::int64_t> rows;
    std::vector<torch::Tensor> features;
    std::int64_t first = 0;
    for (const auto& sample : samples) {
        scans.push_back(&sample.sample);
        for (const std::int64_t row : sample.rows) {
            rows.push_back(first + row);
        }
        features.push_back(sample.features);
        first += static_cast<std::int64_t>(sample.sample.size());
    }
    return {models::to_torch(geometry::make_batch(scans, input.grids), device),
            torch::tensor(rows, torch::kInt64).to(device), torch::cat(features).to(device)};
}

torch::Tensor student_features(models::Network& network, const DistillationBatch& batch) {
    const torch::Tensor tokens = network.backbone().forward(batch.scans);
    return network.head().forward(tokens.index_select(0, batch.rows));
}

/// Loss and mean cosine over whole, unaugmented frames: every camera, every pair.
std::map<std::string, double> validate(const PretrainConfig& config,
                                       const datasets::Mixture& frames, models::Network& network,
                                       models::Teacher& teacher) {
    const torch::NoGradGuard no_grad;
    network.eval();
    double loss = 0;
    double cosine = 0;
    std::int64_t pairs = 0;
    for (std::size_t i = 0; i < frames.size(); ++i) {
        const auto sample = distillation_sample(*frames.read(i), config.model.input, config.views,
                                                nullptr, nullptr, teacher);
        if (sample.rows.empty()) {
            continue;
        }
        const auto batch = collate({sample}, config.model.input, device_of(config));
        const torch::Tensor student = student_features(network, batch);
        const auto count = static_cast<std::int64_t>(sample.rows.size());
        loss += losses::distillation(student, batch.features).item<double>() *
                static_cast<double>(count);
        cosine += torch::cosine_similarity(student, batch.features, 1).sum().item<double>();
        pairs += count;
    }
    network.train();
    if (pairs == 0) {
        base::fail(
            "validation: no point of {} frames lies in an image; check cameras with "
            "`distillar project`",
            frames.size());
    }
    const auto total = static_cast<double>(pairs);
    return {{"validation.loss", loss / total}, {"validation.cosine", cosine / total}};
}

bool has_images(const datasets::Dataset& dataset) {
    for (std::size_t i = 0; i < dataset.size(); ++i) {
        if (!dataset.read(i).views.empty()) {
            return true;
        }
    }
    return false;
}

/// @throws base::Error for a data set without one image.
void require_images(const datasets::Mixture& mixture) {
    for (std::size_t part = 0; part < mixture.parts(); ++part) {
        if (!has_images(mixture.part(part))) {
            base::fail(
                "{}: none of its {} frames has a camera image, and distillation needs them; "
                "check cameras with `distillar info {}`",
                name_of_part(mixture, part), mixture.part(part).size(),
                mixture.selection(part).path.string());
        }
    }
}

/// What an epoch is made of.
void say_parts(const datasets::Mixture& mixture) {
    for (std::size_t part = 0; part < mixture.parts(); ++part) {
        spdlog::info("{}: {} frames, {} of the {} samples an epoch", name_of_part(mixture, part),
                     mixture.part(part).size(), mixture.samples(part), mixture.epoch_size());
    }
}

}  // namespace

void pretrain(const PretrainConfig& config, const std::filesystem::path& run,
              const Started& started) {
    const auto teacher = open_teacher(config.teacher, device_of(config));
    formats::ModelDescription description = config.model;
    description.head.outputs = static_cast<int>(teacher->channels());
    const datasets::Mixture mixture(config.train);
    const datasets::Mixture held_out(config.validation);
    require_images(mixture);
    const Sampler sampler(mixture, config.seed, config.batch);
    const Schedule schedule(config, sampler.epoch_size());
    auto network = start_network(config, description);
    network->train();
    AdamW optimiser(trained_parameters(*network), adamw_config(config));
    RunFolder folder(run, config);
    started();
    if (folder.finished()) {
        return;
    }

    say_parts(mixture);
    teacher->prepare(
        [&] { return draw_images(mixture, static_cast<std::size_t>(config.teacher.pca_images)); });
    TrainingLoop loop(config, schedule, folder, *network, optimiser);
    auto batches = loop.prefetch([&](std::int64_t step) {
        std::vector<DistillationSample> samples;
        for (const auto& draw : sampler.draws(step)) {
            base::Random random = draw.random(augmentation_stream);
            samples.push_back(distillation_sample(*mixture.read(draw.frame), config.model.input,
                                                  config.views, &config.augmentation, &random,
                                                  *teacher));
        }
        return collate(samples, config.model.input, device_of(config));
    });
    double loss = 0;
    while (const auto batch = batches.next()) {
        if (batch->rows.numel() > 0) {  // else no camera sees a point: the last loss stands
            network->backbone().set_step(config.seed, static_cast<std::uint64_t>(loop.step()));
            auto tensors = tensors_of(batch->scans);
            tensors["rows"] = batch->rows;
            tensors["teacher"] = batch->features;
            loss = loop.descend(
                losses::distillation(student_features(*network, *batch), batch->features), tensors);
        }
        loop.log({{"loss", loss}, {"pairs", static_cast<double>(batch->rows.numel())}});
        loop.end_step(loss);
    }
    if (held_out.size() > 0) {
        const auto metrics = validate(config, held_out, *network, *teacher);
        folder.log_metrics(loop.steps(), metrics);
        spdlog::info("held-out frames: loss {:.4f}, cosine {:.4f}", metrics.at("validation.loss"),
                     metrics.at("validation.cosine"));
    }
    description.provenance.teacher = teacher->name();
    description.provenance.teacher_licence = teacher->licence();
    write_result(folder, config, description, *network, mixture);
    teacher->finish();
}

}  // namespace distillar::training
