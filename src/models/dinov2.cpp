#include "models/dinov2.hpp"

#include <torch/nn/functional/upsampling.h>

#include <cmath>

#include "base/error.hpp"
#include "models/dinov2_block.hpp"
#include "models/state.hpp"

namespace distillar::models {

DinoV2::DinoV2(const DinoV2Config& config) : config_(config) {
    const std::int64_t dim = config.dim;
    const std::int64_t positions = config.positions;
    class_token_ = register_parameter("cls_token", torch::zeros({1, 1, dim}));
    position_embedding_ =
        register_parameter("pos_embed", torch::zeros({1, 1 + positions * positions, dim}));
    if (config.registers > 0) {
        register_tokens_ =
            register_parameter("register_tokens", torch::zeros({1, config.registers, dim}));
    }
    auto patch_embed = register_module("patch_embed", std::make_shared<torch::nn::Module>());
    projection_ = patch_embed->register_module(
        "proj",
        torch::nn::Conv2d(torch::nn::Conv2dOptions(3, dim, config.patch).stride(config.patch)));
    blocks_ = register_module("blocks", torch::nn::ModuleList());
    for (int i = 0; i < config.depth; ++i) {
        blocks_->push_back(std::make_shared<DinoV2Block>(config));
    }
    norm_ = register_module(
        "norm", torch::nn::LayerNorm(torch::nn::LayerNormOptions({dim}).eps(dinov2_norm_epsilon)));
}

torch::Tensor DinoV2::positions_for(std::int64_t rows, std::int64_t columns) const {
    const std::int64_t stored = config_.positions;
    if (rows == stored && columns == stored) {
        return position_embedding_;
    }
    namespace F = torch::nn::functional;
    const auto grid = position_embedding_.slice(1, 1)
                          .reshape({1, stored, stored, config_.dim})
                          .permute({0, 3, 1, 2});
    auto options = F::InterpolateFuncOptions().mode(torch::kBicubic).align_corners(false);
    if (config_.registers > 0) {
        options.size(std::vector<std::int64_t>{rows, columns}).antialias(true);
    } else {
        const auto factor = [&](std::int64_t wanted) {
            return (static_cast<double>(wanted) + 0.1) / static_cast<double>(stored);
        };
        options.scale_factor(std::vector<double>{factor(rows), factor(columns)})
            .recompute_scale_factor(false);
    }
    const auto resized = F::interpolate(grid, options);
    TORCH_INTERNAL_ASSERT(resized.size(2) == rows && resized.size(3) == columns);
    return torch::cat({position_embedding_.slice(1, 0, 1), resized.flatten(2).transpose(1, 2)}, 1);
}

DinoV2::Output DinoV2::forward(const torch::Tensor& images) {
    return finish(mix(embed(images)));
}

torch::Tensor DinoV2::mix(torch::Tensor tokens) {
    for (const auto& block : *blocks_) {
        tokens = block->as<DinoV2Block>()->forward(tokens);
    }
    return tokens;
}

torch::Tensor DinoV2::embed(const torch::Tensor& images) {
    const std::int64_t patch = config_.patch;
    if (images.dim() != 4 || images.size(1) != 3 || images.size(2) % patch != 0 ||
        images.size(3) % patch != 0 || images.size(2) == 0 || images.size(3) == 0) {
        base::fail("DINOv2: an input of {} x {} pixels: both must be multiples of the patch, {}",
                   images.size(-2), images.size(-1), patch);
    }
    const auto normalised = normalised_as_imagenet(images);
    const std::int64_t batch = images.size(0);
    auto tokens = projection_->forward(normalised).flatten(2).transpose(1, 2);
    tokens = torch::cat({class_token_.expand({batch, -1, -1}), tokens}, 1);
    tokens = tokens + positions_for(images.size(2) / patch, images.size(3) / patch);
    if (config_.registers > 0) {
        tokens = torch::cat(
            {tokens.slice(1, 0, 1), register_tokens_.expand({batch, -1, -1}), tokens.slice(1, 1)},
            1);
    }
    return tokens;
}

DinoV2::Output DinoV2::finish(torch::Tensor tokens) {
    if (config_.registers > 0) {
        tokens = torch::cat({tokens.slice(1, 0, 1), tokens.slice(1, 1 + config_.registers)}, 1);
    }
    return {tokens, norm_->forward(tokens)};
}

std::shared_ptr<DinoV2> load_dinov2(const formats::Tensors& state, const std::string& source,
                                    int heads) {
    auto network = std::make_shared<DinoV2>(dinov2_config_of(state, source, heads));
    load_state(*network, state, source, "", {"mask_token"});
    for (auto& parameter : network->parameters()) {
        parameter.set_requires_grad(false);
    }
    network->eval();
    return network;
}

}  // namespace distillar::models
