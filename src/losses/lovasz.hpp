#pragma once
#include "models/torch.hpp"

namespace distillar::losses {

/// Lovasz-softmax of probabilities (N x C float32, N > 0) and labels (N int64, all in 0..C-1), as
/// methods.md 1 has it: mean over the classes present of
///     sum_i e_i (J_i - J_{i-1}),  e sorted descending (stable), no gradient through J.

/// CPU: one radix sort per class, classes in parallel; the same bits for any number of threads.
torch::Tensor lovasz_on_cpu(const torch::Tensor& probabilities, const torch::Tensor& labels);

/// Any device, by LibTorch's own operations and autograd: the GPU's path, and the twin in tests.
torch::Tensor lovasz_by_operations(const torch::Tensor& probabilities, const torch::Tensor& labels);

}  // namespace distillar::losses
