#pragma once
#include "training/stages.hpp"

namespace distillar::training {

/// `adapt: {method: adabn}`: the running statistics of every batch norm over the target's scans,
/// each whole and as the model sees it when it segments; `batch` scans at a time, in order, once.
void adapt_statistics(const AdaptRunConfig& config, const std::filesystem::path& run,
                      const Started& started);

}  // namespace distillar::training
