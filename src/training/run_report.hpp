#pragma once
#include <string>

#include "evaluation/chart.hpp"
#include "training/metrics_file.hpp"
#include "training/run_folder.hpp"

namespace distillar::training {

/// A training run as a page of its own: what was run, curves of all that was logged, the config.
/// @param frames  of the training data.
std::string run_report(const RunFolder& folder, const RunConfig& config,
                       const formats::ModelDescription& model, std::size_t frames);

/// One logged value over the steps that have it.
evaluation::Series logged_series(const std::vector<LoggedStep>& steps, const std::string& name);

}  // namespace distillar::training
