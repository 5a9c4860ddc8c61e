#pragma once
/// Differentiable operations on points x channels. On the CPU they run on our own kernels (the same
/// bits for any number of threads), elsewhere on plain LibTorch operations over the same tables.

#include <memory>

#include "kernels/plane_table.hpp"
#include "models/torch.hpp"
#include "models/waffleiron.hpp"

namespace distillar::models {

/// rows W^T + bias; weight is outputs x inputs, bias may be undefined.
torch::Tensor linear(const torch::Tensor& rows, const torch::Tensor& weight,
                     const torch::Tensor& bias);

/// BatchNorm over rows with given statistics.
torch::Tensor batch_norm(const torch::Tensor& rows, const torch::Tensor& weight,
                         const torch::Tensor& bias, const torch::Tensor& mean,
                         const torch::Tensor& variance);

/// BatchNorm over rows with the rows' own statistics, which come back for the running ones.
struct BatchNormed {
    torch::Tensor rows;
    torch::Tensor mean, variance;  ///< detached; the variance is biased (over n)
};
BatchNormed batch_norm(const torch::Tensor& rows, const torch::Tensor& weight,
                       const torch::Tensor& bias);

using Plane = std::shared_ptr<const kernels::PlaneTable>;

/// What mixes points through a plane: [LayerNorm] -> mean per cell -> depthwise 3x3 -> activation
/// -> depthwise 3x3 -> LayerScale -> back to the points. Norm weight and bias may be undefined:
/// none.
struct SpatialParameters {
    torch::Tensor norm_weight, norm_bias;      ///< [C]
    torch::Tensor first, first_bias;           ///< [C, 1, 3, 3], [C]
    torch::Tensor second, second_bias, scale;  ///< [C, 1, 3, 3], [C], [C, 1, 1]
};

/// tokens + row_scale * mix(input). @param row_scale  N (drop path), or undefined: 1.
torch::Tensor spatial_mix(const torch::Tensor& tokens, const torch::Tensor& input,
                          const SpatialParameters& parameters, const Plane& plane,
                          Activation activation, const torch::Tensor& row_scale);

/// What mixes a point's channels: [LayerNorm] -> linear -> activation -> linear -> LayerScale.
struct ChannelParameters {
    torch::Tensor norm_weight, norm_bias;      ///< [C]
    torch::Tensor first, first_bias;           ///< [C, C, 1], [C]
    torch::Tensor second, second_bias, scale;  ///< [C, C, 1], [C], [C, 1, 1]
};

/// tokens + row_scale * mix(input).
torch::Tensor channel_mix(const torch::Tensor& tokens, const torch::Tensor& input,
                          const ChannelParameters& parameters, Activation activation,
                          const torch::Tensor& row_scale);

/// max over the K neighbours of W relu(A (x[neighbor] - x) + a). The only operation whose
/// intermediate is K times larger than the tokens, so the kernels do it block by block.
/// @param features  x, N x Cin.   @param neighbors  N x K, int64.
/// @param map  A, C x Cin.  @param shift  a, C.  @param weight  W, C x C.  @return N x C.
torch::Tensor neighbor_max(const torch::Tensor& features, const torch::Tensor& neighbors,
                           const torch::Tensor& map, const torch::Tensor& shift,
                           const torch::Tensor& weight);

/// Mean (Cin) and covariance over n (Cin x Cin) of all N x K differences x[neighbor] - x, float64.
/// Differentiable where the features require a gradient.
struct DifferenceMoments {
    torch::Tensor mean, covariance;
};
DifferenceMoments difference_moments(const torch::Tensor& features, const torch::Tensor& neighbors);

/// True for CPU float32 tensors, unless plain LibTorch operations are asked for (tests).
bool use_kernels(const torch::Tensor& tensor);
void set_plain_operations(bool plain);

}  // namespace distillar::models
