#pragma once
/// What losses over matched rows share.
#include "models/torch.hpp"

namespace distillar::losses {

/// @throws base::Error naming the loss and both shapes unless both are N x D.
void require_pairs(const char* loss, const torch::Tensor& a, const torch::Tensor& b);

/// Rows over their length, which is clamped at 1e-12; float32.
torch::Tensor unit_rows(const torch::Tensor& rows);

}  // namespace distillar::losses
