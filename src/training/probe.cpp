#include <fmt/format.h>

#include "base/prefetch.hpp"
#include "base/progress.hpp"
#include "losses/segmentation.hpp"
#include "models/torch.hpp"
#include "training/descent.hpp"
#include "training/labelling.hpp"
#include "training/plan.hpp"
#include "training/run.hpp"
#include "training/stages.hpp"
#include "training/supervised_sample.hpp"
#include "training/token_source.hpp"

namespace distillar::training {

void probe(const ProbeConfig& given, const std::filesystem::path& run, const Started& started) {
    ProbeConfig config = given;
    const Labelling labelling = labelling_of(config.setting, "source");
    describe_classes(labelling.taxonomy, config.model);
    const datasets::Mixture mixture(config.train);
    require_labels(labelling, mixture);
    const Plan plan(config, mixture);
    auto network = start_network(config);
    for (auto& parameter : network->backbone().parameters()) {
        parameter.requires_grad_(false);
    }
    AdamW optimiser(trained_parameters(*network), adamw_config(config));
    RunFolder folder(run, config);
    started();
    if (folder.finished()) {
        return;
    }

    const std::int64_t first = resume(folder, *network, optimiser);
    const TokenSource source(
        run / "cache", "tokens", config, config.cache,
        [&](const datasets::Frame& frame) { return labelling.scan(frame); }, mixture, *network);
    network->head().train();  // the backbone's batch-norm statistics stay as they are
    base::Prefetch<TokenBatch> batches(
        first, plan.steps(), [&](std::int64_t step) { return source.read(plan.draws(step)); });
    Descent descent(network->head(), optimiser, folder, config.bad_steps);
    base::Progress progress("probe", static_cast<std::uint64_t>(plan.steps()),
                            static_cast<std::uint64_t>(first));
    for (std::int64_t step = first; step < plan.steps(); ++step) {
        const TokenBatch batch = batches.next().to(device_of(config));
        torch::Tensor logits;
        double value = 0;
        if (batch.labels.defined()) {  // else all crops of the step lie outside the field of view
            logits = network->head().forward(batch.tokens);
            value = descent.step(losses::segmentation(logits, batch.labels, config.loss.lovasz),
                                 plan.factor(step), [&] {
                                     return std::map<std::string, torch::Tensor>{
                                         {"tokens", batch.tokens}, {"labels", batch.labels}};
                                 });
        }
        progress.advance(1, fmt::format("loss {:.4f}", value));
        end_step(folder, config, plan, step, *network, optimiser,
                 [&] { return supervised_metrics(logits, batch.labels, value); });
    }
    write_result(folder, config, config.model, *network, mixture);
    std::filesystem::remove_all(run / "cache");
}

}  // namespace distillar::training
