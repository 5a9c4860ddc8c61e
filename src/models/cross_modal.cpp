#include "models/cross_modal.hpp"

#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/linear.h>

#include "base/error.hpp"

namespace distillar::models {

struct CrossModal::Projections {
    torch::nn::Sequential points{nullptr}, images{nullptr};
    torch::nn::Linear features{nullptr};
};

CrossModal::CrossModal(std::shared_ptr<Fused> network, const ProjectionConfig& config)
    : network_(register_module("network", std::move(network))), projections_(new Projections) {
    if (config.outputs <= 0 || config.hidden <= 0) {
        base::fail("a projection of {} channels by way of {} cannot be made", config.outputs,
                   config.hidden);
    }
    const auto mlp = [&](int inputs) {
        return torch::nn::Sequential(torch::nn::Linear(inputs, config.hidden), torch::nn::ReLU(),
                                     torch::nn::Linear(config.hidden, config.outputs));
    };
    const FusionConfig& fusion = network_->fusion();
    projections_->points = register_module("point_projection", mlp(fusion.channels));
    projections_->images = register_module("image_projection", mlp(fusion.image_channels));
    projections_->features =
        register_module("feature_map", torch::nn::Linear(fusion.channels, fusion.channels));
}

torch::Tensor CrossModal::project_points(const torch::Tensor& tokens) {
    return projections_->points->forward(tokens);
}

torch::Tensor CrossModal::project_images(const torch::Tensor& features) {
    return projections_->images->forward(features);
}

torch::Tensor CrossModal::map_features(const torch::Tensor& tokens) {
    return projections_->features->forward(tokens);
}

}  // namespace distillar::models
