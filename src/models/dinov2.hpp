#pragma once
#include <filesystem>

#include "formats/tensor.hpp"
#include "models/teacher.hpp"

namespace distillar::models {

struct DinoV2Config {
    int dim = 1024;
    int depth = 24;
    int heads = 16;
    int patch = 14;
    int registers = 0;
    bool swiglu = false;
};

/// Sizes read off a published state dict; heads = dim / 64 unless given.
DinoV2Config dinov2_config_of(const formats::Tensors& state, const std::string& source,
                              int heads = 0);

/// DINOv2 vision transformer (methods.md 2.3); published key names.
class DinoV2 : public torch::nn::Module {
public:
    explicit DinoV2(const DinoV2Config& config);
    struct Output {
        torch::Tensor pre_norm;  ///< B x (1 + h w) x dim, class token first, registers dropped
        torch::Tensor norm;      ///< the same after the final LayerNorm
    };
    /// @param images  B x 3 x H x W in [0, 1], H and W multiples of the patch; normalised inside.
    Output forward(const torch::Tensor& images);
    const DinoV2Config& config() const { return config_; }

private:
    DinoV2Config config_;
    struct Parts;
    std::shared_ptr<Parts> parts_;
};

/// The teacher of ScaLR: images resized to height x width (224 x 448), last block's patch tokens
/// before (or after) the final norm. Weights: a published .pth, or safetensors.
std::unique_ptr<Teacher> open_dinov2(const std::filesystem::path& weights, int height, int width,
                                     bool pre_norm = true, int heads = 0);

}  // namespace distillar::models
