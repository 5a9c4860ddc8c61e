#pragma once
#include "models/torch.hpp"

namespace distillar::losses {

inline constexpr std::int64_t ignore_label = 255;

/// Unweighted mean over points whose label is not 255; 0 (with a graph) if there is none.
torch::Tensor cross_entropy(const torch::Tensor& logits, const torch::Tensor& labels);

/// Lovasz-softmax over the classes present in the labels (Berman et al., 2018), methods.md 1.
torch::Tensor lovasz_softmax(const torch::Tensor& logits, const torch::Tensor& labels);

/// cross_entropy + lovasz_weight * lovasz_softmax: the supervised loss of WaffleIron and ScaLR.
torch::Tensor segmentation(const torch::Tensor& logits, const torch::Tensor& labels,
                           double lovasz_weight = 1.0);

}  // namespace distillar::losses
