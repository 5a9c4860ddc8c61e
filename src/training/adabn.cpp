#include "training/adabn.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include "base/log.hpp"
#include "base/progress.hpp"
#include "models/layers.hpp"
#include "training/result.hpp"
#include "training/run.hpp"
#include "training/samples.hpp"

namespace distillar::training {

namespace {

models::TorchBatch batch_at(std::size_t first, const RunConfig& config,
                            const datasets::Mixture& mixture, const ScanOf& scan_of) {
    const std::size_t last =
        std::min(first + static_cast<std::size_t>(config.batch), mixture.size());
    std::vector<geometry::Sample> samples;
    for (std::size_t frame = first; frame < last; ++frame) {
        samples.push_back(geometry::preprocess(scan_of(*mixture.read(frame)), config.model.input,
                                               nullptr, nullptr));
    }
    return batch_of(samples, config.model.input, device_of(config));
}

}  // namespace

std::int64_t estimate_statistics(torch::nn::Module& module, std::size_t batches,
                                 const std::function<void(std::size_t)>& forward) {
    const torch::NoGradGuard no_grad;
    std::vector<std::shared_ptr<models::BatchNorm>> norms;
    for (const auto& part : module.modules(false)) {
        if (auto norm = std::dynamic_pointer_cast<models::BatchNorm>(part)) {
            norm->momentum.reset();
            norm->num_batches_tracked.zero_();
            norms.push_back(std::move(norm));
        }
    }
    module.train();
    for (std::size_t batch = 0; batch < batches; ++batch) {
        forward(batch);
    }
    module.eval();
    for (const auto& norm : norms) {
        norm->momentum = models::norm_momentum;
    }
    return static_cast<std::int64_t>(norms.size());
}

void adapt_statistics(const AdaptRunConfig& config, const std::filesystem::path& run,
                      const Started& started) {
    const TargetScans target(config);
    auto network = start_network(config, config.model);
    RunFolder folder(run, config);
    started();
    if (folder.finished()) {
        return;
    }

    const auto batch = static_cast<std::size_t>(config.batch);
    const std::size_t batches = (target.mixture().size() + batch - 1) / batch;
    base::Progress progress("adapt", batches);
    const auto norms = estimate_statistics(*network, batches, [&](std::size_t number) {
        network->forward(batch_at(number * batch, config, target.mixture(), target.scan_of()));
        progress.advance();
    });
    spdlog::info("statistics of {} batch norms estimated on {} scans{}", norms,
                 target.mixture().size(),
                 models::norm_from(config.model.backbone.norm) == models::Norm::batch
                     ? ""
                     : ": embedding and head, the backbone's layers have LayerNorm");
    formats::ModelDescription description = config.model;
    add_origin(target.mixture(), description.provenance);
    write_result(folder, config, description, *network, target.mixture().size());
}

}  // namespace distillar::training
