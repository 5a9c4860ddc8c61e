#include <fmt/format.h>

#include "base/prefetch.hpp"
#include "base/progress.hpp"
#include "losses/segmentation.hpp"
#include "models/torch.hpp"
#include "training/descent.hpp"
#include "training/labelled_share.hpp"
#include "training/labelling.hpp"
#include "training/plan.hpp"
#include "training/run.hpp"
#include "training/stages.hpp"
#include "training/supervised_sample.hpp"

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
Plan plan_of(const TrainConfig& config, const datasets::Mixture& mixture) {
    if (config.labelled.share == 1) {
        return Plan(config, mixture);
    }
    return Plan(config, Sampler(mixture, config.seed, config.batch,
                                labelled_frames(mixture, config.labelled, config.seed)));
}

}  // namespace

void train(const TrainConfig& given, const std::filesystem::path& run, const Started& started) {
    TrainConfig config = given;
    const Labelling labelling = labelling_of(config.setting, "source");
    describe_classes(labelling.taxonomy, config.model);
    const datasets::Mixture mixture(config.train);
    require_labels(labelling, mixture);
    const Plan plan = plan_of(config, mixture);
    auto network = start_network(config);
    network->train();
    if (config.optimiser.freeze_statistics) {
        freeze_embedding_statistics(*network);
    }
    auto parameters = trained_parameters(*network, config.optimiser.layer_decay);
    for (auto& parameter : parameters) {
        if (!parameter.name.starts_with("classif.")) {
            parameter.scale *= config.optimiser.backbone_scale;
        }
    }
    AdamW optimiser(std::move(parameters), adamw_config(config));
    RunFolder folder(run, config);
    started();
    if (folder.finished()) {
        return;
    }

    const std::int64_t first = resume(folder, *network, optimiser);
    base::Prefetch<models::TorchBatch> batches(first, plan.steps(), [&](std::int64_t step) {
        return supervised_batch(mixture, labelling, config, plan.draws(step));
    });
    Descent descent(*network, optimiser, folder, config.bad_steps);
    base::Progress progress("train", static_cast<std::uint64_t>(plan.steps()),
                            static_cast<std::uint64_t>(first));
    for (std::int64_t step = first; step < plan.steps(); ++step) {
        const models::TorchBatch batch = batches.next();
        torch::Tensor logits;
        double value = 0;
        if (batch.labels.defined()) {  // else all crops of the step lie outside the field of view
            network->backbone().set_step(config.seed, static_cast<std::uint64_t>(step));
            logits = network->forward(batch);
            value = descent.step(losses::segmentation(logits, batch.labels, config.loss.lovasz),
                                 plan.factor(step), [&] { return tensors_of(batch); });
        }
        progress.advance(1, fmt::format("loss {:.4f}", value));
        end_step(folder, config, plan, step, *network, optimiser,
                 [&] { return supervised_metrics(logits, batch.labels, value); });
    }
    write_result(folder, config, config.model, *network, mixture);
}

}  // namespace distillar::training
