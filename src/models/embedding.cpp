#include "models/embedding.hpp"

#include "base/error.hpp"
#include "models/operations.hpp"

namespace distillar::models {

namespace {

constexpr auto wide = torch::kFloat64;

/// A BatchNorm as values * factor + shift.
struct Affine {
    torch::Tensor factor, shift;
};

Affine affine_of(const BatchNorm& norm, const torch::Tensor& mean, const torch::Tensor& variance) {
    const torch::Tensor factor = norm.weight.to(wide) * torch::rsqrt(variance + norm_epsilon);
    return {factor, norm.bias.to(wide) - mean * factor};
}

Affine running_affine(const BatchNorm& norm) {
    return affine_of(norm, norm.running_mean.to(wide), norm.running_var.to(wide));
}

}  // namespace

NeighborBranch::NeighborBranch(std::int64_t inputs, std::int64_t channels) {
    input_norm_ = register_module("0", std::make_shared<BatchNorm>(inputs));
    first_ = register_module("1", std::make_shared<PointConvolution>(inputs, channels, false, 2));
    hidden_norm_ = register_module("2", std::make_shared<BatchNorm>(channels));
    second_ =
        register_module("4", std::make_shared<PointConvolution>(channels, channels, false, 2));
}

torch::Tensor NeighborBranch::forward(const torch::Tensor& features, const torch::Tensor& neighbors,
                                      const torch::Tensor& input_scale) {
    const torch::Tensor first = first_->matrix().to(wide);
    Affine input, hidden;
    torch::Tensor map;
    if (is_training() && neighbors.numel() > 0) {
        const DifferenceMoments moments = difference_moments(features, neighbors);
        const auto count = static_cast<double>(neighbors.numel());
        const torch::Tensor mean = moments.mean * input_scale;
        const torch::Tensor variance = moments.covariance.diagonal() * input_scale * input_scale;
        input_norm_->update(mean, variance, count);
        input = affine_of(*input_norm_, mean, variance);
        map = first * (input.factor * input_scale);
        const torch::Tensor hidden_mean =
            torch::mv(first, input.shift) + torch::mv(map, moments.mean);
        const torch::Tensor hidden_variance = (torch::mm(map, moments.covariance) * map).sum(1);
        hidden_norm_->update(hidden_mean, hidden_variance, count);
        hidden = affine_of(*hidden_norm_, hidden_mean, hidden_variance);
    } else {
        input = running_affine(*input_norm_);
        hidden = running_affine(*hidden_norm_);
        map = first * (input.factor * input_scale);
    }
    const torch::Tensor shift = torch::mv(first, input.shift) * hidden.factor + hidden.shift;
    map = map * hidden.factor.unsqueeze(1);
    return neighbor_max(features, neighbors, map.to(torch::kFloat32), shift.to(torch::kFloat32),
                        second_->matrix());
}

Embedding::Embedding(std::int64_t inputs, std::int64_t channels) {
    norm_ = register_module("norm", std::make_shared<BatchNorm>(inputs));
    points_ = register_module("conv1", std::make_shared<PointConvolution>(inputs, channels, true));
    neighbors_ = register_module("conv2", std::make_shared<NeighborBranch>(inputs, channels));
    final_ =
        register_module("final", std::make_shared<PointConvolution>(2 * channels, channels, true));
}

torch::Tensor Embedding::forward(const TorchBatch& batch) {
    const torch::Tensor& features = batch.features;
    const std::int64_t channels = points_->weight.size(0);
    if (features.dim() != 2 || features.size(1) != points_->weight.size(1)) {
        base::fail("the batch has {} input features, the network needs {}: check the input section",
                   features.dim() == 2 ? features.size(1) : 0, points_->weight.size(1));
    }
    if (features.size(0) == 0) {
        return features.new_zeros({0, channels});
    }
    if (batch.neighbors.dim() != 2 || batch.neighbors.size(1) == 0) {
        base::fail("the batch has no neighbours: the embedding needs at least one a point");
    }
    torch::Tensor normed, variance;
    if (is_training()) {
        const BatchNormed result = batch_norm(features, norm_->weight, norm_->bias);
        norm_->update(result.mean, result.variance, static_cast<double>(features.size(0)));
        normed = result.rows;
        variance =
            features.requires_grad() ? features.to(wide).var(0, false) : result.variance.to(wide);
    } else {
        normed = batch_norm(features, norm_->weight, norm_->bias, norm_->running_mean,
                            norm_->running_var);
        variance = norm_->running_var.to(wide);
    }
    const torch::Tensor scale = norm_->weight.to(wide) * torch::rsqrt(variance + norm_epsilon);
    // final([conv1(x), neighbours]) = (F1 P) x + F2 neighbours + (F1 p + f)
    const torch::Tensor final_points = final_->matrix().narrow(1, 0, channels);
    const torch::Tensor final_neighbors = final_->matrix().narrow(1, channels, channels);
    const torch::Tensor map = torch::mm(final_points, points_->matrix());
    const torch::Tensor bias = torch::mv(final_points, points_->bias) + final_->bias;
    const torch::Tensor branch = neighbors_->forward(features, batch.neighbors, scale);
    return linear(normed, map, bias) + linear(branch, final_neighbors, torch::Tensor());
}

}  // namespace distillar::models
