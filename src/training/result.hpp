#pragma once
/// What a run leaves: its models with their origin, and its page.
#include <string>

#include "datasets/mixture.hpp"
#include "evaluation/svg.hpp"
#include "formats/model_file.hpp"
#include "models/fused.hpp"
#include "models/network.hpp"
#include "training/run_folder.hpp"

namespace distillar::training {

/// "pandaset:002:pandar64": one entry of a mixture.
std::string name_of_part(const datasets::Mixture& mixture, std::size_t part);

/// Adds the data sets of a run and their licences to where its result comes from; what the weights
/// it started from say there stays.
void add_origin(const datasets::Mixture& mixture,
                formats::ModelDescription::Provenance& provenance);

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

/// A training run as a page of its own: what was run, curves of all that was logged, the config.
/// @param frames  of the training data.
std::string run_report(const RunFolder& folder, const RunConfig& config,
                       const formats::ModelDescription& model, std::size_t frames);

/// One logged value over the steps that have it.
evaluation::Series logged_series(const std::vector<LoggedStep>& steps, const std::string& name);

}  // namespace distillar::training
