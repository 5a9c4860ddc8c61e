#pragma once
#include "models/torch.hpp"
#include "training/predictor.hpp"

namespace distillar::training {

/// Of a scan without a point in the field of view.
Prediction empty_prediction(std::size_t points);

/// Classes of all points of a scan from the logits of those of its sample that the network saw.
/// @param logits  sample.size() x classes, of any device.
Prediction prediction_of(const torch::Tensor& logits, const geometry::Scan& scan,
                         const geometry::Sample& sample);

}  // namespace distillar::training
