#pragma once
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

#include "models/dinov2.hpp"
#include "models/torch.hpp"

namespace distillar::models {

/// One transformer block: x += ls1 * proj(attention(norm1(x))); x += ls2 * mlp(norm2(x)).
/// The MLP is fc2(GELU(fc1)), or SwiGLU: w3(silu(a) * b) with [a, b] = w12.
class DinoV2Block : public torch::nn::Module {
public:
    explicit DinoV2Block(const DinoV2Config& config);
    torch::Tensor forward(const torch::Tensor& tokens);  ///< B x N x dim

    /// Hidden channels of the MLP.
    static std::int64_t hidden_channels(const DinoV2Config& config);

private:
    torch::Tensor attention(const torch::Tensor& tokens);
    torch::Tensor mlp(const torch::Tensor& tokens);

    std::int64_t heads_;
    bool swiglu_;
    torch::nn::LayerNorm norm1_{nullptr}, norm2_{nullptr};
    torch::nn::Linear qkv_{nullptr}, projection_{nullptr};
    torch::nn::Linear into_{nullptr}, out_of_{nullptr};
    torch::Tensor scale1_, scale2_;
};

}  // namespace distillar::models
