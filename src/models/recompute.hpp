#pragma once
#include <functional>
#include <vector>

#include "models/torch.hpp"

namespace distillar::models {

/// layer(input), of which only the input is kept: the backward pass runs the layer again (gradient
/// checkpointing; Chen et al., 2016). The same bits as layer(input) with its gradients, if the
/// layer gives the same twice.
/// @param parameters  every tensor but the input that may need a gradient through the layer.
/// @param layer       returns a tensor of its own, not its input.
torch::Tensor recomputed(const torch::Tensor& input, const std::vector<torch::Tensor>& parameters,
                         std::function<torch::Tensor(const torch::Tensor&)> layer);

/// True while this thread runs a layer for the second time: running statistics must not move again.
bool recomputing();

}  // namespace distillar::models
