#pragma once
#include <string>
#include <vector>

#include "formats/tensor.hpp"
#include "models/torch.hpp"

namespace distillar::models {

/// Parameters and buffers by name, as contiguous CPU tensors (copied).
formats::Tensors state_of(const torch::nn::Module& module, const std::string& prefix = "");

/// Copies tensors into the module's parameters and buffers of the same names.
/// @param prefix   put before the module's names: "classif." for a head inside a network.
/// @param unused   names allowed to be left over (exact, after prefix).
/// @throws base::Error that lists every missing, extra and mis-shaped key (first 8 of each, and
///         how many more). `num_batches_tracked` may be missing.
void load_state(torch::nn::Module& module, const formats::Tensors& tensors,
                const std::string& source, const std::string& prefix = "",
                const std::vector<std::string>& unused = {});

/// The network of a published checkpoint: entries under "net", "model_point" or "model_points" (or
/// the top level), a "module." prefix stripped, optimiser and scheduler entries ignored.
/// @throws base::Error if no such entry is there, naming what is.
formats::Tensors network_of(const formats::Tensors& checkpoint, const std::string& source);

torch::Tensor to_torch(const formats::Tensor& tensor);
formats::Tensor from_torch(const torch::Tensor& tensor);

}  // namespace distillar::models
