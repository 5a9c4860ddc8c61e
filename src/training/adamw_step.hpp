#pragma once
#include <vector>

#include "models/torch.hpp"

namespace distillar::training {

/// One parameter's AdamW update with everything that does not vary over its elements worked out:
///     p *= keep;  m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g g
///     p -= step_size m / (sqrt(v) / root_correction + epsilon)
struct AdamWUpdate {
    torch::Tensor value;
    torch::Tensor gradient;
    torch::Tensor exp_avg;
    torch::Tensor exp_avg_sq;
    double keep = 1;             ///< 1 - rate x weight decay
    double step_size = 0;        ///< rate / (1 - beta1^t)
    double root_correction = 1;  ///< sqrt(1 - beta2^t)
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
};

/// All updates in one fused pass. Contiguous float32 CPU tensors.
void adamw_on_cpu(const std::vector<AdamWUpdate>& updates);

/// Any device, by LibTorch's operations: the GPU's path, and the twin in tests.
void adamw_by_operations(const AdamWUpdate& update);

}  // namespace distillar::training
