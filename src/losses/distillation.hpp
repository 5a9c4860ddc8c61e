#pragma once
/// losses: distillation, contrastive and segmentation losses.

#include "models/torch.hpp"

namespace distillar::losses {

/// mean_i || s_i/|s_i| - t_i/|t_i| ||_2 over all pairs of the batch (not squared), norms clamped at
/// 1e-12, as ScaLR's distiller has it. Both P x D; no gradient into the teacher.
torch::Tensor distillation(const torch::Tensor& student, const torch::Tensor& teacher);

}  // namespace distillar::losses
