#pragma once
#include <functional>
#include <map>
#include <string>

#include "datasets/mixture.hpp"
#include "models/fused.hpp"
#include "models/network.hpp"
#include "models/torch.hpp"
#include "training/config.hpp"
#include "training/optimiser.hpp"
#include "training/plan.hpp"
#include "training/run_folder.hpp"

namespace distillar::training {

/// The network of a config: fresh from the seed, or with the backbone of `weights`, and with its
/// head too if kind, classes and sizes are the same.
std::shared_ptr<models::Network> start_network(const RunConfig& config);

torch::Device device_of(const RunConfig& config);

const char* program_version();

/// Puts the newest checkpoint of the folder into module and optimiser; the step to go on with.
std::int64_t resume(RunFolder& folder, torch::nn::Module& module, AdamW& optimiser);

AdamWConfig adamw_config(const RunConfig& config);

/// How long a run is, and how often it logs and saves: steps.
struct Pace {
    std::int64_t steps;
    std::int64_t log_every;
    std::int64_t checkpoint_every;
};

/// After a step: logs its metrics with its learning rate and saves a checkpoint where the pace asks
/// for it, and the last step's metrics always.
/// @throws base::Stopped, with a checkpoint saved, if the user wishes to stop.
void end_step(RunFolder& folder, const Pace& pace, std::int64_t step, double learning_rate,
              const torch::nn::Module& module, const AdamW& optimiser,
              const std::function<std::map<std::string, double>()>& metrics);

/// The same with pace and learning rate of a config and its plan.
void end_step(RunFolder& folder, const RunConfig& config, const Plan& plan, std::int64_t step,
              const torch::nn::Module& module, const AdamW& optimiser,
              const std::function<std::map<std::string, double>()>& metrics);

/// Writes report.html, then model.safetensors with its description: sensor and data sets are the
/// mixture's, the provenance is this run's.
void write_result(const RunFolder& folder, const RunConfig& config,
                  formats::ModelDescription description, const models::Network& network,
                  const datasets::Mixture& mixture);

/// The same where the description has its sensor and data sets already.
/// @param frames  that the run has seen, for its page.
void write_result(const RunFolder& folder, const RunConfig& config,
                  const formats::ModelDescription& description, const models::Network& network,
                  std::size_t frames);

/// Writes fused.safetensors with its description, as write_result does model.safetensors.
void write_fused(const RunFolder& folder, const RunConfig& config,
                 formats::ModelDescription description, const models::Fused& network,
                 const datasets::Mixture& mixture);

}  // namespace distillar::training
