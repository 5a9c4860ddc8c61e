#pragma once
/// The operations of operations.hpp on our own kernels, with gradients (CPU, float32).
#include "models/operations.hpp"

namespace distillar::models::functions {

torch::Tensor linear(const torch::Tensor& rows, const torch::Tensor& weight,
                     const torch::Tensor& bias);

torch::Tensor batch_norm(const torch::Tensor& rows, const torch::Tensor& weight,
                         const torch::Tensor& bias, const torch::Tensor& mean,
                         const torch::Tensor& variance);
BatchNormed batch_norm(const torch::Tensor& rows, const torch::Tensor& weight,
                       const torch::Tensor& bias);

torch::Tensor spatial_mix(const torch::Tensor& tokens, const torch::Tensor& input,
                          const SpatialParameters& parameters, const Plane& plane,
                          Activation activation, const torch::Tensor& row_scale);

torch::Tensor channel_mix(const torch::Tensor& tokens, const torch::Tensor& input,
                          const ChannelParameters& parameters, Activation activation,
                          const torch::Tensor& row_scale);

torch::Tensor neighbor_max(const torch::Tensor& features, const torch::Tensor& neighbors,
                           const torch::Tensor& map, const torch::Tensor& shift,
                           const torch::Tensor& weight);

/// Without gradients: a kernel over the indices.
DifferenceMoments difference_moments(const torch::Tensor& features, const torch::Tensor& neighbors);

}  // namespace distillar::models::functions
