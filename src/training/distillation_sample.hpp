#pragma once
#include "training/config.hpp"
#include "training/seen_features.hpp"

namespace distillar::training {

/// A preprocessed scan and the teacher's features at the pixels its points hit.
struct DistillationSample {
    geometry::Sample sample;
    std::vector<std::int64_t> rows;  ///< P: row of the sample of each pair
    torch::Tensor features;          ///< P x D
};

/// One camera at random, or all; see ViewConfig. A frame that no camera saw gives no pairs.
/// @param augmentation  null: nothing random, every camera, every point (validation).
DistillationSample distillation_sample(const datasets::Frame& frame,
                                       const geometry::InputSpec& input, const ViewConfig& views,
                                       const geometry::Augmentation* augmentation,
                                       base::Random* random, models::Teacher& teacher);

}  // namespace distillar::training
