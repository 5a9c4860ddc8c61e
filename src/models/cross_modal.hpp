#pragma once
#include <memory>

#include "models/fusion.hpp"
#include "models/network.hpp"

namespace distillar::models {

struct CrossModalConfig {
    WaffleIronConfig backbone;
    HeadConfig head;  ///< of the student, and of the fused model
    FusionConfig fusion;
    int projection_hidden = 256;
    int projection = 128;  ///< of the contrastive space
};

/// xModel-KD [ours, methods.md 3]: what its training needs.
///     student.*          backbone and head on lidar alone: the published network
///     fusion.*           tokens and views -> fused tokens u
///     fused_head.*       classes of u: the fused model, which teaches the student
///     point_projection.* g3, image_projection.* g2: MLPs into the contrastive space
///     feature_map.*      P: the student's tokens onto u
class CrossModal : public torch::nn::Module {
public:
    explicit CrossModal(const CrossModalConfig& config);

    struct Output {
        torch::Tensor tokens;          ///< N x channels, of the backbone
        torch::Tensor fused;           ///< N x channels
        torch::Tensor student_logits;  ///< N x classes
        torch::Tensor fused_logits;    ///< N x classes
    };
    Output forward(const TorchBatch& batch, const PointViews& views);

    torch::Tensor project_points(const torch::Tensor& tokens);    ///< N x projection
    torch::Tensor project_images(const torch::Tensor& features);  ///< M x projection
    torch::Tensor map_features(const torch::Tensor& tokens);      ///< N x channels

    Network& student() { return *student_; }
    Fusion& fusion() { return *fusion_; }
    Head& fused_head() { return *fused_head_; }

private:
    struct Projections;
    std::shared_ptr<Network> student_;
    std::shared_ptr<Fusion> fusion_;
    std::shared_ptr<Head> fused_head_;
    std::shared_ptr<Projections> projections_;
};

}  // namespace distillar::models
