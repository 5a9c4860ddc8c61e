#include "models/operations.hpp"

#include <atomic>

#include "models/layers.hpp"
#include "models/plain_operations.hpp"

namespace distillar::models {

namespace {

std::atomic<bool> plain_operations = false;

}  // namespace

bool use_kernels(const torch::Tensor& tensor) {
    return !plain_operations && tensor.device().is_cpu() && tensor.scalar_type() == torch::kFloat32;
}

void set_plain_operations(bool plain) {
    plain_operations = plain;
}

torch::Tensor linear(const torch::Tensor& rows, const torch::Tensor& weight,
                     const torch::Tensor& bias) {
    return torch::linear(rows, weight, bias);
}

torch::Tensor batch_norm(const torch::Tensor& rows, const torch::Tensor& weight,
                         const torch::Tensor& bias, const torch::Tensor& mean,
                         const torch::Tensor& variance) {
    const torch::Tensor factor = weight * torch::rsqrt(variance + norm_epsilon);
    return torch::addcmul(bias - mean * factor, rows, factor);
}

BatchNormed batch_norm(const torch::Tensor& rows, const torch::Tensor& weight,
                       const torch::Tensor& bias) {
    return plain::batch_norm(rows, weight, bias);
}

torch::Tensor spatial_mix(const torch::Tensor& tokens, const torch::Tensor& input,
                          const SpatialParameters& parameters, const Plane& plane,
                          Activation activation, const torch::Tensor& row_scale) {
    return plain::spatial_mix(tokens, input, parameters, *plane, activation, row_scale);
}

torch::Tensor channel_mix(const torch::Tensor& tokens, const torch::Tensor& input,
                          const ChannelParameters& parameters, Activation activation,
                          const torch::Tensor& row_scale) {
    return plain::channel_mix(tokens, input, parameters, activation, row_scale);
}

torch::Tensor neighbor_max(const torch::Tensor& differences, const torch::Tensor& map,
                           const torch::Tensor& shift, const torch::Tensor& weight) {
    return plain::neighbor_max(differences, map, shift, weight);
}

}  // namespace distillar::models
