#include "models/dinov2_block.hpp"

#include <cmath>

namespace distillar::models {

namespace {

using torch::nn::Linear;
using torch::nn::Module;

torch::nn::LayerNorm layer_norm(std::int64_t dim) {
    return torch::nn::LayerNorm(torch::nn::LayerNormOptions({dim}).eps(dinov2_norm_epsilon));
}

}  // namespace

std::int64_t DinoV2Block::hidden_channels(const DinoV2Config& config) {
    const std::int64_t plain = 4 * std::int64_t{config.dim};
    return config.swiglu ? (plain * 2 / 3 + 7) / 8 * 8 : plain;
}

DinoV2Block::DinoV2Block(const DinoV2Config& config)
    : heads_(config.heads), swiglu_(config.swiglu) {
    const std::int64_t dim = config.dim;
    const std::int64_t hidden = hidden_channels(config);
    norm1_ = register_module("norm1", layer_norm(dim));
    auto attn = register_module("attn", std::make_shared<Module>());
    qkv_ = attn->register_module("qkv", Linear(dim, 3 * dim));
    projection_ = attn->register_module("proj", Linear(dim, dim));
    auto ls1 = register_module("ls1", std::make_shared<Module>());
    scale1_ = ls1->register_parameter("gamma", torch::ones({dim}));
    norm2_ = register_module("norm2", layer_norm(dim));
    auto mlp = register_module("mlp", std::make_shared<Module>());
    into_ =
        mlp->register_module(swiglu_ ? "w12" : "fc1", Linear(dim, swiglu_ ? 2 * hidden : hidden));
    out_of_ = mlp->register_module(swiglu_ ? "w3" : "fc2", Linear(hidden, dim));
    auto ls2 = register_module("ls2", std::make_shared<Module>());
    scale2_ = ls2->register_parameter("gamma", torch::ones({dim}));
}

torch::Tensor DinoV2Block::attention(const torch::Tensor& tokens) {
    const std::int64_t batch = tokens.size(0);
    const std::int64_t count = tokens.size(1);
    const std::int64_t dim = tokens.size(2);
    const std::int64_t width = dim / heads_;
    const auto parts =
        qkv_->forward(tokens).view({batch, count, 3, heads_, width}).permute({2, 0, 3, 1, 4});
    const auto query = parts[0] * std::pow(static_cast<double>(width), -0.5);
    const auto weights = torch::softmax(torch::matmul(query, parts[1].transpose(-2, -1)), -1);
    const auto mixed = torch::matmul(weights, parts[2]);
    return projection_->forward(mixed.transpose(1, 2).reshape({batch, count, dim}));
}

torch::Tensor DinoV2Block::mlp(const torch::Tensor& tokens) {
    const auto hidden = into_->forward(tokens);
    if (!swiglu_) {
        return out_of_->forward(torch::gelu(hidden));
    }
    const auto halves = hidden.chunk(2, -1);
    return out_of_->forward(torch::silu(halves[0]) * halves[1]);
}

torch::Tensor DinoV2Block::forward(const torch::Tensor& tokens) {
    const auto mixed = tokens + scale1_ * attention(norm1_->forward(tokens));
    return mixed + scale2_ * mlp(norm2_->forward(mixed));
}

}  // namespace distillar::models
