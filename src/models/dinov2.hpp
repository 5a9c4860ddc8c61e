#pragma once
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/normalization.h>

#include <filesystem>

#include "formats/tensor.hpp"
#include "models/teacher.hpp"

namespace distillar::models {

inline constexpr double dinov2_norm_epsilon = 1e-6;

/// Sizes read off a published state dict; heads = dim / 64 unless given.
/// @throws base::Error naming the key that is missing or has an impossible shape.
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
    /// Its parts. Before the first block: B x (1 + registers + h w) x dim.
    torch::Tensor embed(const torch::Tensor& images);
    torch::Tensor mix(torch::Tensor tokens);  ///< all blocks; any number of tokens
    Output finish(torch::Tensor tokens);      ///< after the last block
    const DinoV2Config& config() const { return config_; }

private:
    torch::Tensor positions_for(std::int64_t rows, std::int64_t columns) const;

    DinoV2Config config_;
    torch::Tensor class_token_;
    torch::Tensor position_embedding_;
    torch::Tensor register_tokens_;
    torch::nn::Conv2d projection_{nullptr};
    torch::nn::ModuleList blocks_;
    torch::nn::LayerNorm norm_{nullptr};
};

/// A network with the weights of a published state dict, in eval mode, nothing to be trained.
std::shared_ptr<DinoV2> load_dinov2(const formats::Tensors& state, const std::string& source,
                                    int heads = 0);

/// The teacher of ScaLR: images resized to height x width (224 x 448; multiples of the patch) by
/// plain bilinear interpolation, last block's patch tokens before (or after) the final norm.
/// @param weights    a published .pth, safetensors with the same keys, or a name (teacher_weights).
/// @param heads      attention heads; 0: what the file's metadata say, else 64 channels a head, as
///                   all published sizes have.
/// @param precision  of the products on the CPU; part of the name where it is not fp32.
/// @throws base::Error for bf16 on a GPU, with SwiGLU, or on a processor without it.
std::unique_ptr<Teacher> open_dinov2(const std::filesystem::path& weights, int height, int width,
                                     bool pre_norm = true, int heads = 0,
                                     torch::Device device = torch::kCPU,
                                     Precision precision = Precision::fp32);

}  // namespace distillar::models
