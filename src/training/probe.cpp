#include "losses/segmentation.hpp"
#include "training/result.hpp"
#include "training/run.hpp"
#include "training/samples.hpp"
#include "training/stages.hpp"
#include "training/token_source.hpp"
#include "training/training_loop.hpp"
#include "training/validation.hpp"

namespace distillar::training {

void probe(const ProbeConfig& config, const std::filesystem::path& run, const Started& started) {
    const datasets::Labelling labelling = datasets::labelling_of(config.setting, "source");
    const auto description = described(config, labelling);
    const datasets::Mixture mixture(config.train);
    require_labels(labelling, mixture);
    const Sampler sampler(mixture, config.seed, config.batch);
    const Schedule schedule(config, sampler.epoch_size());
    auto network = start_network(config, description);
    for (auto& parameter : network->backbone().parameters()) {
        parameter.requires_grad_(false);
    }
    AdamW optimiser(trained_parameters(*network), adamw_config(config));
    Validation validation(config, labelling);
    RunFolder folder(run, config);
    started();
    if (folder.finished()) {
        return;
    }

    TrainingLoop loop(config, schedule, folder, *network, optimiser);
    const TokenSource source(
        run / "cache", "tokens", config, config.cache,
        [&](const datasets::Frame& frame) { return labelling.scan(frame); }, sampler, *network);
    network->head().train();  // the backbone's batch-norm statistics stay as they are
    auto batches = loop.prefetch([&](std::int64_t step) { return source.read(step); });
    while (const auto made = batches.next()) {
        const TokenBatch batch = made->to(device_of(config));
        torch::Tensor logits;
        double loss = 0;
        if (batch.labels.defined()) {  // else all crops of the step lie outside the field of view
            logits = network->head().forward(batch.tokens);
            loss = loop.descend(losses::segmentation(logits, batch.labels, config.loss.lovasz),
                                {{"tokens", batch.tokens}, {"labels", batch.labels}});
        }
        if (loop.logs()) {
            loop.log(supervised_metrics(logits, batch.labels, loss));
        }
        validation.after_step(loop, *network, *network);
        loop.end_step(loss, validation.note());
    }
    validation.take_best(folder, *network);
    write_result(folder, config, description, *network, mixture);
    std::filesystem::remove_all(run / "cache");
}

}  // namespace distillar::training
