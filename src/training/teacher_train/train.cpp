#include "base/log.hpp"
#include "formats/safetensors.hpp"
#include "models/machine.hpp"
#include "models/state.hpp"
#include "training/stages.hpp"
#include "training/teacher_train/objective.hpp"
#include "training/training_loop.hpp"

namespace distillar::training {

namespace {

std::shared_ptr<TeacherObjective> start_objective(const TeacherTrainConfig& config,
                                                  const std::vector<ImageFile>& images) {
    torch::manual_seed(config.seed);
    return config.objective == TeacherTrainConfig::Objective::supervised
               ? learn_pixel_classes(config, class_frequencies(config, images))
               : learn_masked_patches(config);
}

TeacherBatch moved(const TeacherBatch& batch, torch::Device device) {
    const auto to = [&](const torch::Tensor& tensor) {
        return tensor.defined() ? tensor.to(device) : tensor;
    };
    return {to(batch.images), to(batch.classes), to(batch.order)};
}

/// The network alone, in fp16, and how it came to be.
void write_weights(const std::filesystem::path& file, const TeacherTrainConfig& config,
                   const models::DinoV2& network) {
    formats::Tensors halves;
    for (const auto& item : network.named_parameters()) {
        halves[item.key()] = models::from_torch(item.value().to(torch::kHalf));
    }
    formats::write_safetensors(file, halves,
                               {{"heads", std::to_string(config.network.heads)},
                                {"objective", base::name_of(config.objective)},
                                {"config_hash", config_hash(config.resolved)},
                                {"licence", "Apache-2.0"}});
    spdlog::info("wrote {}", file.string());
}

}  // namespace

void train_teacher(const TeacherTrainConfig& config, const std::filesystem::path& run,
                   const Started& started) {
    const torch::Device device = models::device_named(base::name_of(config.device));
    const auto images =
        find_images(config.data, config.objective == TeacherTrainConfig::Objective::supervised);
    RunFolder folder(run, config);
    started();
    if (folder.finished()) {
        return;
    }

    const auto objective = start_objective(config, images);
    objective->to(device);
    AdamW optimiser(trained_parameters(*objective),
                    {.learning_rate = config.learning_rate, .weight_decay = config.weight_decay});
    const Schedule schedule({.warmup_steps = config.warmup_steps, .min_factor = config.min_factor},
                            config.steps, 0);
    TrainingLoop loop({"teacher", config.log_every, config.checkpoint_every, config.bad_steps},
                      schedule, folder, *objective, optimiser);
    auto batches =
        loop.prefetch([&](std::int64_t step) { return teacher_batch(config, images, step); });
    while (const auto made = batches.next()) {
        const TeacherBatch batch = moved(*made, device);
        const double loss = loop.descend(objective->loss(batch),
                                         {{"images", batch.images}, {"classes", batch.classes}});
        loop.log({{"loss", loss}});
        loop.end_step(loss);
    }
    write_weights(folder.model_file(), config, objective->network());
}

}  // namespace distillar::training
