#include "training/adabn.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "base/progress.hpp"
#include "models/torch.hpp"
#include "training/batch_statistics.hpp"
#include "training/provenance.hpp"
#include "training/run.hpp"
#include "training/target_scans.hpp"

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

void adapt_statistics(const AdaptRunConfig& given, const std::filesystem::path& run,
                      const Started& started) {
    AdaptRunConfig config = given;
    config.drop_path = 0;
    const TargetScans target(config);
    auto network = start_network(config);
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
                 config.model.backbone.norm == "batchnorm"
                     ? ""
                     : ": embedding and head, the backbone's layers have LayerNorm");
    formats::ModelDescription description = config.model;
    add_origin(target.mixture(), description.provenance);
    write_result(folder, config, description, *network, target.mixture().size());
}

}  // namespace distillar::training
