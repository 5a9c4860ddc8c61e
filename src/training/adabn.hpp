#pragma once
#include <cstdint>
#include <functional>

#include "models/torch.hpp"
#include "training/stages.hpp"

namespace distillar::training {

/// Estimates the running statistics of every batch norm in a module anew, as AdaBN does (Li et al.,
/// 2017): each becomes the plain mean over the batches of their mean and unbiased variance
/// (PyTorch's `momentum=None`), every batch being normalised by its own on the way. Nothing else
/// changes; the module is in evaluation mode afterwards.
/// @param forward  runs batch i through the module (called without gradients); one without points
///                 leaves the statistics alone.
/// @return the number of batch norms.
std::int64_t estimate_statistics(torch::nn::Module& module, std::size_t batches,
                                 const std::function<void(std::size_t)>& forward);

/// `adapt: {method: adabn}`: the running statistics of every batch norm over the target's scans,
/// each whole and as the model sees it when it segments; `batch` scans at a time, in order, once.
void adapt_statistics(const AdaptRunConfig& config, const std::filesystem::path& run,
                      const Started& started);

}  // namespace distillar::training
