#pragma once
#include <memory>

#include "models/fused.hpp"

namespace distillar::models {

struct ProjectionConfig {
    int hidden = 256;
    int outputs = 128;  ///< channels of the contrastive space
};

/// xModel-KD [ours, methods.md 3]: the fused network with what only its training needs.
///     network.*           teaches its own student
///     point_projection.*  g3: tokens into the contrastive space
///     image_projection.*  g2: image features into it
///     feature_map.*       P: the student's tokens onto the fused ones
class CrossModal : public torch::nn::Module {
public:
    CrossModal(std::shared_ptr<Fused> network, const ProjectionConfig& config);

    torch::Tensor project_points(const torch::Tensor& tokens);    ///< N x outputs
    torch::Tensor project_images(const torch::Tensor& features);  ///< M x outputs
    torch::Tensor map_features(const torch::Tensor& tokens);      ///< N x channels

    Fused& network() { return *network_; }

private:
    struct Projections;
    std::shared_ptr<Fused> network_;
    std::shared_ptr<Projections> projections_;
};

}  // namespace distillar::models
