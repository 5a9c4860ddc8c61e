#include "models/layers.hpp"

#include <torch/nn/init.h>

#include <algorithm>
#include <cmath>

#include "models/operations.hpp"
#include "models/recompute.hpp"

namespace distillar::models {

namespace {

/// PyTorch's default convolution init: kaiming_uniform with a = sqrt(5), U(+-1/sqrt(fan_in)).
torch::Tensor convolution_weight(std::vector<std::int64_t> shape) {
    torch::Tensor weight = torch::empty(shape);
    torch::nn::init::kaiming_uniform_(weight, std::sqrt(5.0));
    return weight;
}

torch::Tensor convolution_bias(std::int64_t outputs, std::int64_t fan_in) {
    const double bound = 1.0 / std::sqrt(static_cast<double>(fan_in));
    return torch::empty({outputs}).uniform_(-bound, bound);
}

}  // namespace

PointConvolution::PointConvolution(std::int64_t inputs, std::int64_t outputs, bool has_bias,
                                   int kernel_dimensions) {
    std::vector<std::int64_t> shape{outputs, inputs};
    shape.resize(2 + static_cast<std::size_t>(kernel_dimensions), 1);
    weight = register_parameter("weight", convolution_weight(shape));
    if (has_bias) {
        bias = register_parameter("bias", convolution_bias(outputs, inputs));
    }
}

torch::Tensor PointConvolution::forward(const torch::Tensor& rows) {
    return linear(rows, matrix(), bias);
}

BatchNorm::BatchNorm(std::int64_t channels) {
    weight = register_parameter("weight", torch::ones({channels}));
    bias = register_parameter("bias", torch::zeros({channels}));
    running_mean = register_buffer("running_mean", torch::zeros({channels}));
    running_var = register_buffer("running_var", torch::ones({channels}));
    num_batches_tracked = register_buffer("num_batches_tracked", torch::zeros({}, torch::kInt64));
}

torch::Tensor BatchNorm::forward(const torch::Tensor& rows) {
    if (!is_training() || rows.size(0) == 0) {
        return batch_norm(rows, weight, bias, running_mean, running_var);
    }
    const BatchNormed normed = batch_norm(rows, weight, bias);
    if (!recomputing()) {
        update(normed.mean, normed.variance, static_cast<double>(rows.size(0)));
    }
    return normed.rows;
}

void BatchNorm::update(const torch::Tensor& mean, const torch::Tensor& variance, double count) {
    const torch::NoGradGuard no_grad;
    const double unbiased = count / std::max(1.0, count - 1.0);
    num_batches_tracked.add_(1);
    const double share = momentum ? *momentum : 1.0 / num_batches_tracked.item<double>();
    running_mean.mul_(1 - share).add_(mean.to(torch::kFloat32), share);
    running_var.mul_(1 - share).add_(variance.to(torch::kFloat32), share * unbiased);
}

LayerNorm::LayerNorm(std::int64_t channels) {
    weight = register_parameter("weight", torch::ones({channels}));
    bias = register_parameter("bias", torch::zeros({channels}));
}

PlaneConvolution::PlaneConvolution(std::int64_t channels) {
    weight = register_parameter("weight", convolution_weight({channels, 1, 3, 3}));
    bias = register_parameter("bias", convolution_bias(channels, 9));
}

LayerScale::LayerScale(std::int64_t channels) {
    weight = register_parameter("weight", convolution_weight({channels, 1, 1}));
}

}  // namespace distillar::models
