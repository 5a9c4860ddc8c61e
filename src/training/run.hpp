#pragma once

#include <optional>
#include <string>

#include "datasets/mixture.hpp"
#include "models/network.hpp"
#include "models/torch.hpp"
#include "training/config.hpp"
#include "training/optimiser.hpp"
#include "training/run_folder.hpp"

namespace distillar::training {

/// The network of a config: fresh from the seed, or with the backbone of `weights`, and with its
/// head too if kind, classes and sizes are the same.
std::shared_ptr<models::Network> start_network(const RunConfig& config);

torch::Device device_of(const RunConfig& config);

/// Puts the newest checkpoint of the folder into module and optimiser; the step to go on with.
std::int64_t resume(RunFolder& folder, torch::nn::Module& module, AdamW& optimiser);

void save_checkpoint(RunFolder& folder, std::int64_t step, const torch::nn::Module& module,
                     const AdamW& optimiser);

/// Does a checkpoint belong after this many finished steps?
bool checkpoint_due(const RunConfig& config, std::int64_t finished, std::int64_t steps);

/// Writes model.safetensors with its description: sensor, provenance, licences.
void write_result(const RunFolder& folder, const RunConfig& config,
                  const formats::ModelDescription& description, const models::Network& network,
                  const datasets::Mixture& mixture);

}  // namespace distillar::training
