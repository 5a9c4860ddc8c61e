#pragma once
/// inference: models at work on the frames of data sets, by the deployment runtime or by LibTorch.
#include <cstdint>
#include <vector>

#include "evaluation/entropy.hpp"
#include "geometry/preprocess.hpp"
#include "models/torch.hpp"

namespace distillar::inference {

/// Classes of every point of a frame.
struct Prediction {
    std::vector<std::uint8_t>
        classes;                    ///< N, 0..C-1; 255 only if no point lies in the field of view
    std::vector<float> confidence;  ///< N, largest softmax probability
    evaluation::PredictionEntropy entropy;  ///< over the points the network saw
};

/// Of a scan without a point in the field of view.
Prediction empty_prediction(std::size_t points);

/// Classes of all points of a scan from the logits of those of its sample that the network saw.
/// @param logits  sample.size() x classes, of any device.
Prediction prediction_of(const torch::Tensor& logits, const geometry::Scan& scan,
                         const geometry::Sample& sample);

}  // namespace distillar::inference
