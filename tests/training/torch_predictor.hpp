#pragma once
#include "inference/frame_predictor.hpp"

namespace distillar::test {

/// A model file at work, by LibTorch.
inline std::unique_ptr<inference::FramePredictor> predictor(const std::filesystem::path& file) {
    inference::PredictorOptions options;
    options.runtime = false;
    return inference::open_predictor(formats::read_model(file), file, std::move(options));
}

}  // namespace distillar::test
