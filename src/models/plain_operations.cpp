#include "models/plain_operations.hpp"

#include <vector>

#include "models/layers.hpp"

namespace distillar::models::plain {

namespace {

torch::Tensor activate(const torch::Tensor& values, Activation activation) {
    return activation == Activation::gelu ? torch::gelu(values) : torch::relu(values);
}

torch::Tensor normed(const torch::Tensor& input, const torch::Tensor& weight,
                     const torch::Tensor& bias) {
    return weight.defined() ? torch::layer_norm(input, {input.size(1)}, weight, bias, norm_epsilon)
                            : input;
}

torch::Tensor indices(const std::vector<std::int32_t>& values, const torch::Tensor& like) {
    return torch::tensor(values, torch::kInt32).to(like.device(), torch::kInt64);
}

/// Depthwise 3x3 at the cells of a tap table (cells x 9 source rows, -1: outside).
torch::Tensor convolve(const torch::Tensor& rows, const torch::Tensor& taps,
                       const torch::Tensor& weight, const torch::Tensor& bias) {
    const torch::Tensor kernel = weight.view({-1, 9});
    const torch::Tensor padded = torch::cat({rows, rows.new_zeros({1, rows.size(1)})});
    torch::Tensor sum = bias.unsqueeze(0);
    for (std::int64_t tap = 0; tap < 9; ++tap) {
        torch::Tensor source = taps.select(1, tap);
        source = torch::where(source < 0, torch::full_like(source, rows.size(0)), source);
        sum = sum + padded.index_select(0, source) * kernel.select(1, tap);
    }
    return sum;
}

/// N x K x Cin.
torch::Tensor differences_of(const torch::Tensor& features, const torch::Tensor& neighbors) {
    return features.index_select(0, neighbors.reshape({-1}))
               .view({neighbors.size(0), neighbors.size(1), features.size(1)}) -
           features.unsqueeze(1);
}

torch::Tensor residual(const torch::Tensor& tokens, const torch::Tensor& branch,
                       const torch::Tensor& row_scale) {
    return row_scale.defined() ? tokens + branch * row_scale.unsqueeze(1) : tokens + branch;
}

}  // namespace

torch::Tensor batch_norm(const torch::Tensor& rows, const torch::Tensor& weight,
                         const torch::Tensor& bias, const torch::Tensor& mean,
                         const torch::Tensor& variance) {
    const torch::Tensor factor = weight * torch::rsqrt(variance + norm_epsilon);
    return torch::addcmul(bias - mean * factor, rows, factor);
}

BatchNormed batch_norm(const torch::Tensor& rows, const torch::Tensor& weight,
                       const torch::Tensor& bias) {
    const torch::Tensor mean = rows.mean(0);
    const torch::Tensor centred = rows - mean;
    const torch::Tensor variance = (centred * centred).mean(0);
    return {centred * torch::rsqrt(variance + norm_epsilon) * weight + bias, mean.detach(),
            variance.detach()};
}

torch::Tensor spatial_mix(const torch::Tensor& tokens, const torch::Tensor& input,
                          const SpatialParameters& parameters, const kernels::PlaneTable& plane,
                          Activation activation, const torch::Tensor& row_scale) {
    const torch::Tensor cells = indices(plane.cell_of_point, tokens);
    const torch::Tensor first_taps = indices(plane.taps_first, tokens).view({-1, 9});
    const torch::Tensor second_taps = indices(plane.taps_second, tokens).view({-1, 9});
    const torch::Tensor offsets = indices(plane.cell_offsets, tokens);
    const torch::Tensor counts = (offsets.slice(0, 1) - offsets.slice(0, 0, -1)).unsqueeze(1);

    const torch::Tensor rows = normed(input, parameters.norm_weight, parameters.norm_bias);
    const torch::Tensor mean =
        rows.new_zeros({plane.occupied, rows.size(1)}).index_add(0, cells, rows) / counts;
    torch::Tensor grid = convolve(mean, first_taps, parameters.first, parameters.first_bias);
    grid = activate(grid, activation);
    grid = convolve(grid, second_taps, parameters.second, parameters.second_bias);
    grid = grid * parameters.scale.view({1, -1});
    return residual(tokens, grid.index_select(0, cells), row_scale);
}

torch::Tensor channel_mix(const torch::Tensor& tokens, const torch::Tensor& input,
                          const ChannelParameters& parameters, Activation activation,
                          const torch::Tensor& row_scale) {
    const auto matrix = [](const torch::Tensor& weight) {
        return weight.view({weight.size(0), weight.size(1)});
    };
    torch::Tensor rows = normed(input, parameters.norm_weight, parameters.norm_bias);
    rows = torch::linear(rows, matrix(parameters.first), parameters.first_bias);
    rows = activate(rows, activation);
    rows = torch::linear(rows, matrix(parameters.second), parameters.second_bias);
    return residual(tokens, rows * parameters.scale.view({1, -1}), row_scale);
}

torch::Tensor neighbor_max(const torch::Tensor& features, const torch::Tensor& neighbors,
                           const torch::Tensor& map, const torch::Tensor& shift,
                           const torch::Tensor& weight) {
    const torch::Tensor hidden =
        torch::relu(torch::linear(differences_of(features, neighbors), map, shift));
    return std::get<0>(torch::linear(hidden, weight).max(1));
}

DifferenceMoments difference_moments(const torch::Tensor& features,
                                     const torch::Tensor& neighbors) {
    const torch::Tensor rows =
        differences_of(features, neighbors).view({-1, features.size(1)}).to(torch::kFloat64);
    const auto count = static_cast<double>(rows.size(0));
    const torch::Tensor mean = rows.sum(0) / count;
    const torch::Tensor centred = rows - mean;
    return {mean, torch::mm(centred.t(), centred) / count};
}

}  // namespace distillar::models::plain
