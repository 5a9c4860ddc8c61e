#pragma once
#include <memory>

#include "models/fusion.hpp"
#include "models/network.hpp"

namespace distillar::models {

/// A lidar network that looks at images where there are some (xModel-KD [ours], methods.md 3).
///     student.*     backbone and head on lidar alone: the published network
///     fusion.*      tokens and views -> fused tokens
///     fused_head.*  their classes
class Fused : public torch::nn::Module {
public:
    /// @param head  of the fused tokens. @param fusion  `channels` are the student's.
    Fused(std::shared_ptr<Network> student, const HeadConfig& head, FusionConfig fusion);

    struct Output {
        PointViews views;              ///< adapted
        torch::Tensor tokens;          ///< N x channels, of the backbone
        torch::Tensor fused;           ///< N x channels
        torch::Tensor student_logits;  ///< N x classes
        torch::Tensor fused_logits;    ///< N x classes
    };
    Output forward(const TorchBatch& batch, const PointViews& views);

    Network& student() { return *student_; }
    const FusionConfig& fusion() const { return fusion_->config(); }

private:
    std::shared_ptr<Network> student_;
    std::shared_ptr<Fusion> fusion_;
    std::shared_ptr<Head> fused_head_;
};

}  // namespace distillar::models
