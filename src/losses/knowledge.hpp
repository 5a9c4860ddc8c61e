#pragma once
#include "models/torch.hpp"

namespace distillar::losses {

/// T^2 x mean over points of KL(softmax(teacher / T) || softmax(student / T)), nats (Hinton et al.,
/// 2015). Both N x C; no gradient into the teacher; 0 (with a graph) without a point.
torch::Tensor logit_distillation(const torch::Tensor& student, const torch::Tensor& teacher,
                                 double temperature);

/// Mean over points of 1 - cos(student, teacher). Both N x D; no gradient into the teacher; norms
/// are clamped at 1e-8; 0 (with a graph) without a point.
torch::Tensor feature_distillation(const torch::Tensor& student, const torch::Tensor& teacher);

}  // namespace distillar::losses
