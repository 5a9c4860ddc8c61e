#pragma once
/// The parameters of WaffleIron's layers under published names and shapes, with default init.

#include <optional>
#include <vector>

#include "models/torch.hpp"

namespace distillar::models {

/// Conv1d or Conv2d of kernel 1 over points: weight [out, in, 1(, 1)], bias [out] or none.
class PointConvolution : public torch::nn::Module {
public:
    PointConvolution(std::int64_t inputs, std::int64_t outputs, bool bias,
                     int kernel_dimensions = 1);
    /// N x inputs -> N x outputs.
    torch::Tensor forward(const torch::Tensor& rows);
    torch::Tensor matrix() const { return weight.view({weight.size(0), weight.size(1)}); }

    torch::Tensor weight, bias;
};

inline constexpr double norm_epsilon = 1e-5;
inline constexpr double norm_momentum = 0.1;

/// BatchNorm over rows: eps 1e-5, momentum 0.1, unbiased running variance.
class BatchNorm : public torch::nn::Module {
public:
    explicit BatchNorm(std::int64_t channels);
    torch::Tensor forward(const torch::Tensor& rows);
    /// Moves the running statistics towards a batch's mean and (biased) variance over `count` rows.
    void update(const torch::Tensor& mean, const torch::Tensor& variance, double count);

    torch::Tensor weight, bias, running_mean, running_var, num_batches_tracked;
    /// Of the running statistics; none: their plain mean over the batches tracked.
    std::optional<double> momentum = norm_momentum;
};

/// LayerNorm's parameters [C]; the arithmetic is part of the mixing operations.
class LayerNorm : public torch::nn::Module {
public:
    explicit LayerNorm(std::int64_t channels);
    torch::Tensor weight, bias;
};

/// Depthwise 3x3 convolution: weight [C, 1, 3, 3], bias [C].
class PlaneConvolution : public torch::nn::Module {
public:
    explicit PlaneConvolution(std::int64_t channels);
    torch::Tensor weight, bias;
};

/// LayerScale: weight [C, 1, 1], initialised in U(-1, 1) as the published convolution is.
class LayerScale : public torch::nn::Module {
public:
    explicit LayerScale(std::int64_t channels);
    torch::Tensor weight;
};

}  // namespace distillar::models
