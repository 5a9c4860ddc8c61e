#include "losses/segmentation.hpp"
#include "training/result.hpp"
#include "training/run.hpp"
#include "training/samples.hpp"
#include "training/stages.hpp"
#include "training/training_loop.hpp"
#include "training/validation.hpp"

namespace distillar::training {

namespace {

/// The embedding holds the backbone's only batch norms (LayerNorm backbones).
void freeze_embedding_statistics(models::Network& network) {
    for (const auto& module : network.named_modules()) {
        if (module.key() == "embed") {
            module.value()->eval();
        }
    }
}

/// Labels of a share alone: its frames alone are seen.
Sampler sampler_of(const TrainConfig& config, const datasets::Mixture& mixture) {
    if (config.labelled.share == 1) {
        return {mixture, config.seed, config.batch};
    }
    return {mixture, config.seed, config.batch,
            labelled_frames(mixture, config.labelled, config.seed)};
}

}  // namespace

void train(const TrainConfig& config, const std::filesystem::path& run, const Started& started) {
    const datasets::Labelling labelling = datasets::labelling_of(config.setting, "source");
    const auto description = described(config, labelling);
    const datasets::Mixture mixture(config.train);
    require_labels(labelling, mixture);
    const Sampler sampler = sampler_of(config, mixture);
    const Schedule schedule(config, sampler.epoch_size());
    auto network = start_network(config, description);
    network->train();
    if (config.optimiser.freeze_statistics) {
        freeze_embedding_statistics(*network);
    }
    AdamW optimiser(fine_tuned_parameters(*network, config), adamw_config(config));
    Validation validation(config, labelling);
    RunFolder folder(run, config);
    started();
    if (folder.finished()) {
        return;
    }

    TrainingLoop loop(config, schedule, folder, *network, optimiser);
    auto batches = loop.prefetch([&](std::int64_t step) {
        return supervised_batch(mixture, labelling, config, sampler.draws(step));
    });
    while (const auto batch = batches.next()) {
        torch::Tensor logits;
        double loss = 0;
        if (batch->labels.defined()) {  // else all crops of the step lie outside the field of view
            network->backbone().set_step(config.seed, static_cast<std::uint64_t>(loop.step()));
            logits = network->forward(*batch);
            loss = loop.descend(losses::segmentation(logits, batch->labels, config.loss.lovasz),
                                tensors_of(*batch));
        }
        if (loop.logs()) {
            loop.log(supervised_metrics(logits, batch->labels, loss));
        }
        validation.after_step(loop, *network, *network);
        loop.end_step(loss, validation.note());
    }
    validation.take_best(folder, *network);
    write_result(folder, config, description, *network, mixture);
}

}  // namespace distillar::training
