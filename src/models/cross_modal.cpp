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

CrossModal::CrossModal(const CrossModalConfig& config) : projections_(new Projections) {
    if (config.projection <= 0 || config.projection_hidden <= 0) {
        base::fail("a projection of {} channels by way of {} cannot be made", config.projection,
                   config.projection_hidden);
    }
    const auto mlp = [&](int inputs) {
        return torch::nn::Sequential(
            torch::nn::Linear(inputs, config.projection_hidden), torch::nn::ReLU(),
            torch::nn::Linear(config.projection_hidden, config.projection));
    };
    const int channels = config.backbone.channels;
    FusionConfig fusion = config.fusion;
    fusion.channels = channels;
    student_ = register_module("student", std::make_shared<Network>(config.backbone, config.head));
    fusion_ = register_module("fusion", std::make_shared<Fusion>(fusion));
    fused_head_ = register_module("fused_head", std::make_shared<Head>(config.head));
    projections_->points = register_module("point_projection", mlp(channels));
    projections_->images = register_module("image_projection", mlp(fusion.image_channels));
    projections_->features = register_module("feature_map", torch::nn::Linear(channels, channels));
}

CrossModal::Output CrossModal::forward(const TorchBatch& batch, const PointViews& views) {
    Output output;
    output.tokens = student_->backbone().forward(batch);
    output.fused = fusion_->forward(output.tokens, views);
    output.student_logits = student_->head().forward(output.tokens);
    output.fused_logits = fused_head_->forward(output.fused);
    return output;
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
