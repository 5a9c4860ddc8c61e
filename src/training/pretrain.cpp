#include "base/error.hpp"
#include "base/log.hpp"
#include "base/prefetch.hpp"
#include "base/progress.hpp"
#include "losses/distillation.hpp"
#include "models/torch.hpp"
#include "training/descent.hpp"
#include "training/distillation_sample.hpp"
#include "training/plan.hpp"
#include "training/provenance.hpp"
#include "training/run.hpp"
#include "training/stages.hpp"
#include "training/teacher.hpp"

namespace distillar::training {

namespace {

/// Scans of one step with the teacher's features, ready for the network.
struct Item {
    models::TorchBatch batch;
    torch::Tensor rows;      ///< P rows of the batch
    torch::Tensor features;  ///< P x D
};

Item collate(const std::vector<DistillationSample>& samples, const geometry::InputSpec& input,
             torch::Device device) {
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
    Item item;
    item.batch = models::to_torch(geometry::make_batch(scans, input.grids), device);
    item.rows = torch::tensor(rows, torch::kInt64).to(device);
    item.features = torch::cat(features).to(device);
    return item;
}

torch::Tensor student_features(models::Network& network, const Item& item) {
    const torch::Tensor tokens = network.backbone().forward(item.batch);
    return network.head().forward(tokens.index_select(0, item.rows));
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
        const Item item = collate({sample}, config.model.input, device_of(config));
        const torch::Tensor student = student_features(network, item);
        const auto count = static_cast<std::int64_t>(sample.rows.size());
        loss += losses::distillation(student, item.features).item<double>() *
                static_cast<double>(count);
        cosine += torch::cosine_similarity(student, item.features, 1).sum().item<double>();
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

void pretrain(const PretrainConfig& given, const std::filesystem::path& run,
              const Started& started) {
    PretrainConfig config = given;
    const auto teacher = open_teacher(config.teacher, device_of(config));
    config.model.head.outputs = static_cast<int>(teacher->channels());
    const datasets::Mixture mixture(config.train);
    const datasets::Mixture held_out(config.validation);
    require_images(mixture);
    const Plan plan(config, mixture);
    auto network = start_network(config);
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
    const std::int64_t first = resume(folder, *network, optimiser);
    base::Prefetch<Item> items(first, plan.steps(), [&](std::int64_t step) {
        std::vector<DistillationSample> samples;
        for (const auto& draw : plan.draws(step)) {
            base::Random random(config.seed, draw.epoch, draw.position, augmentation_stream);
            samples.push_back(distillation_sample(*mixture.read(draw.frame), config.model.input,
                                                  config.views, &config.augmentation, &random,
                                                  *teacher));
        }
        return collate(samples, config.model.input, device_of(config));
    });
    Descent descent(*network, optimiser, folder, config.bad_steps);
    base::Progress progress("pretrain", static_cast<std::uint64_t>(plan.steps()),
                            static_cast<std::uint64_t>(first));
    double shown_loss = 0;
    for (std::int64_t step = first; step < plan.steps(); ++step) {
        const Item item = items.next();
        if (item.rows.numel() > 0) {
            network->backbone().set_step(config.seed, static_cast<std::uint64_t>(step));
            const torch::Tensor loss =
                losses::distillation(student_features(*network, item), item.features);
            shown_loss = descent.step(loss, plan.factor(step), [&] {
                auto tensors = tensors_of(item.batch);
                tensors["rows"] = item.rows;
                tensors["teacher"] = item.features;
                return tensors;
            });
        }
        progress.advance(1, fmt::format("loss {:.4f}", shown_loss));
        end_step(folder, config, plan, step, *network, optimiser, [&] {
            return std::map<std::string, double>{{"loss", shown_loss},
                                                 {"pairs", static_cast<double>(item.rows.numel())}};
        });
    }
    if (held_out.size() > 0) {
        const auto metrics = validate(config, held_out, *network, *teacher);
        folder.log_metrics(plan.steps(), metrics);
        spdlog::info("held-out frames: loss {:.4f}, cosine {:.4f}", metrics.at("validation.loss"),
                     metrics.at("validation.cosine"));
    }
    formats::ModelDescription description = config.model;
    description.provenance.teacher = teacher->name();
    description.provenance.teacher_licence = teacher->licence();
    write_result(folder, config, description, *network, mixture);
    teacher->finish();
}

}  // namespace distillar::training
