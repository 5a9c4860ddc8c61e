#include "models/operations.hpp"

#include <atomic>

#include "base/error.hpp"
#include "models/functions.hpp"
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
    return use_kernels(rows) ? functions::linear(rows, weight, bias)
                             : torch::linear(rows, weight, bias);
}

torch::Tensor batch_norm(const torch::Tensor& rows, const torch::Tensor& weight,
                         const torch::Tensor& bias, const torch::Tensor& mean,
                         const torch::Tensor& variance) {
    return use_kernels(rows) ? functions::batch_norm(rows, weight, bias, mean, variance)
                             : plain::batch_norm(rows, weight, bias, mean, variance);
}

BatchNormed batch_norm(const torch::Tensor& rows, const torch::Tensor& weight,
                       const torch::Tensor& bias) {
    return use_kernels(rows) ? functions::batch_norm(rows, weight, bias)
                             : plain::batch_norm(rows, weight, bias);
}

torch::Tensor spatial_mix(const torch::Tensor& tokens, const torch::Tensor& input,
                          const SpatialParameters& parameters, const Plane& plane,
                          Activation activation, const torch::Tensor& row_scale) {
    if (plane->points != tokens.size(0)) {
        base::fail("a plane table of {} points was given with {} tokens", plane->points,
                   tokens.size(0));
    }
    return use_kernels(tokens)
               ? functions::spatial_mix(tokens, input, parameters, plane, activation, row_scale)
               : plain::spatial_mix(tokens, input, parameters, *plane, activation, row_scale);
}

torch::Tensor channel_mix(const torch::Tensor& tokens, const torch::Tensor& input,
                          const ChannelParameters& parameters, Activation activation,
                          const torch::Tensor& row_scale) {
    return use_kernels(tokens)
               ? functions::channel_mix(tokens, input, parameters, activation, row_scale)
               : plain::channel_mix(tokens, input, parameters, activation, row_scale);
}

torch::Tensor neighbor_max(const torch::Tensor& features, const torch::Tensor& neighbors,
                           const torch::Tensor& map, const torch::Tensor& shift,
                           const torch::Tensor& weight) {
    return use_kernels(features) ? functions::neighbor_max(features, neighbors, map, shift, weight)
                                 : plain::neighbor_max(features, neighbors, map, shift, weight);
}

DifferenceMoments difference_moments(const torch::Tensor& features,
                                     const torch::Tensor& neighbors) {
    return use_kernels(features) && !features.requires_grad()
               ? functions::difference_moments(features, neighbors)
               : plain::difference_moments(features, neighbors);
}

}  // namespace distillar::models
