#pragma once
#include <functional>
#include <map>
#include <string>

#include "models/torch_batch.hpp"
#include "training/labelling.hpp"
#include "training/plan.hpp"

namespace distillar::training {

/// How a frame becomes a scan for the network, with labels or without.
using ScanOf = std::function<geometry::Scan(const datasets::Frame&)>;

/// A scan under the config's augmentation, addressed by (seed, epoch, position).
geometry::Sample augmented_sample(const geometry::Scan& scan, const RunConfig& config,
                                  const Draw& draw);

models::TorchBatch batch_of(const std::vector<geometry::Sample>& samples,
                            const geometry::InputSpec& input, torch::Device device);

/// The augmented, labelled scans of one step.
models::TorchBatch supervised_batch(const datasets::Mixture& mixture, const Labelling& labelling,
                                    const RunConfig& config, const std::vector<Draw>& draws);

/// What a supervised step logs: loss, point accuracy over labelled points; nothing of a step
/// without points, whose labels are undefined.
std::map<std::string, double> supervised_metrics(const torch::Tensor& logits,
                                                 const torch::Tensor& labels, double loss);

/// As require_labels for every part of a mixture.
void require_labels(const Labelling& labelling, const datasets::Mixture& mixture);

}  // namespace distillar::training
