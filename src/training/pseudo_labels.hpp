#pragma once
#include "models/torch.hpp"
#include "training/config.hpp"

namespace distillar::training {

struct PseudoLabels {
    torch::Tensor classes;     ///< N int64: the most likely class
    torch::Tensor confidence;  ///< N: its probability
    torch::Tensor labels;      ///< N int64: the class where the confidence is enough, else 255

    torch::Tensor kept() const;  ///< N bool
};

/// Labels of the points whose confidence is above the threshold of their most likely class.
/// @param probabilities  N x C.
/// @param thresholds     C.
PseudoLabels pseudo_labels(const torch::Tensor& probabilities, const torch::Tensor& thresholds);

/// The threshold of each class in this batch (ClassThresholds has the formula).
/// @param probabilities  N x C, N > 0.
/// @param running        C: moving average of the classes' mean probability, this batch included.
/// @return C.
torch::Tensor class_thresholds(const torch::Tensor& probabilities, const torch::Tensor& running,
                               const ClassThresholds& config);

}  // namespace distillar::training
