#pragma once
#include <memory>

#include "models/dinov2.hpp"

namespace distillar::models {

/// A network to be trained from scratch, drawn from LibTorch's generator as masked autoencoders
/// are (He et al., 2022): Xavier-uniform matrices, the patch projection as one matrix, biases 0,
/// class token N(0, 0.02), positions sines and cosines (trained further), LayerScale 1.
/// @param config  dim a multiple of 4 and of heads.
std::shared_ptr<DinoV2> start_dinov2(const DinoV2Config& config);

/// Xavier-uniform matrices and zero biases for every linear layer of a module.
void start_linear_layers(torch::nn::Module& module);

/// Sines and cosines of row and column, a quarter of the channels each: (rows columns) x channels.
/// @param channels  a multiple of 4.
torch::Tensor sine_positions(std::int64_t rows, std::int64_t columns, std::int64_t channels);

}  // namespace distillar::models
