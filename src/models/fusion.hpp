#pragma once
#include <memory>
#include <string>

#include "models/image_network.hpp"
#include "models/point_views.hpp"

namespace distillar::models {

struct FusionConfig {
    FusionKind kind = FusionKind::gate;
    int channels = 0;        ///< of the tokens
    int image_channels = 0;  ///< of the image features
    int hidden = 256;        ///< of the MLPs
    int heads = 4;           ///< attention: divides `channels`
    /// Hidden width of an MLP that is trained on the image features, v + MLP(LN(v)) [ours]; 0: they
    /// are used as the frozen image network gives them.
    int adapter = 0;
};

/// Tokens (N x channels) and adapted views of them -> N x channels. Every point gets an output.
class Fusion : public torch::nn::Module {
public:
    explicit Fusion(const FusionConfig& config);
    PointViews adapt(const PointViews& views);
    torch::Tensor forward(const torch::Tensor& tokens, const PointViews& views);
    const FusionConfig& config() const { return config_; }

private:
    struct Parts;
    torch::Tensor gated(const torch::Tensor& tokens, const PointViews& views);
    torch::Tensor attended(const torch::Tensor& tokens, const PointViews& views);

    FusionConfig config_;
    std::shared_ptr<Parts> parts_;
};

FusionKind fusion_kind_from(const std::string& name);
const char* name_of(FusionKind kind);

}  // namespace distillar::models
