#pragma once
#include <memory>

#include "datasets/labelling.hpp"
#include "models/network.hpp"
#include "models/torch.hpp"
#include "training/config.hpp"
#include "training/optimiser.hpp"

namespace distillar::training {

/// The config's model with the classes of a labelling.
formats::ModelDescription described(const RunConfig& config, const datasets::Labelling& labelling);

/// A network as described: fresh from the seed, or with the backbone of `weights`, and with its
/// head too if kind, classes and sizes are the same. While it is adapted no path is dropped.
std::shared_ptr<models::Network> start_network(const RunConfig& config,
                                               const formats::ModelDescription& description);

torch::Device device_of(const RunConfig& config);

const char* program_version();

AdamWConfig adamw_config(const RunConfig& config);

/// The parameters of a network with layer-wise decay; the backbone's at its own share of the rate.
std::vector<TrainedParameter> fine_tuned_parameters(const models::Network& network,
                                                    const RunConfig& config);

}  // namespace distillar::training
