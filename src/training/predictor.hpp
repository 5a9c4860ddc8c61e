#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "datasets/frame.hpp"
#include "evaluation/entropy.hpp"
#include "formats/model_file.hpp"
#include "training/sensor_contract.hpp"

namespace distillar::models {
class Network;
}

namespace distillar::training {

/// Classes of every point of a frame.
struct Prediction {
    std::vector<std::uint8_t>
        classes;                    ///< N, 0..C-1; 255 only if no point lies in the field of view
    std::vector<float> confidence;  ///< N, largest softmax probability
    evaluation::PredictionEntropy entropy;  ///< over the points the network saw
};

/// A model file, ready to segment frames.
class Predictor {
public:
    /// @param device  "cpu" or "cuda".
    /// @throws base::Error if the file is no segmentation model or the device is not there.
    Predictor(const std::filesystem::path& model, const std::string& device);

    /// The whole scan, no augmentation; points the network did not see take their nearest kept
    /// point's class. Coordinates are brought to the sensor contract first.
    Prediction predict(const datasets::Frame& frame);

    const formats::ModelDescription& description() const { return description_; }

    /// @throws base::Error if the frame cannot give an input feature.
    void check(const datasets::Frame& frame) const { contract_->check(frame); }

private:
    formats::ModelDescription description_;
    std::shared_ptr<models::Network> network_;
    std::optional<SensorContract> contract_;
    std::string device_;
};

}  // namespace distillar::training
