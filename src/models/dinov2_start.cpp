#include "models/dinov2_start.hpp"

#include <torch/nn/init.h>
#include <torch/nn/modules/linear.h>

namespace distillar::models {

namespace {

/// Sines and cosines of 0..count-1: count x channels.
torch::Tensor sines_of(std::int64_t count, std::int64_t channels) {
    const auto exponents = torch::arange(channels / 2, torch::kFloat64) / (channels / 2);
    const auto angles =
        torch::outer(torch::arange(count, torch::kFloat64), torch::pow(10000.0, -exponents));
    return torch::cat({torch::sin(angles), torch::cos(angles)}, 1);
}

}  // namespace

torch::Tensor sine_positions(std::int64_t rows, std::int64_t columns, std::int64_t channels) {
    const auto of_rows = sines_of(rows, channels / 2).unsqueeze(1).expand({-1, columns, -1});
    const auto of_columns = sines_of(columns, channels / 2).unsqueeze(0).expand({rows, -1, -1});
    return torch::cat({of_rows, of_columns}, 2).flatten(0, 1).to(torch::kFloat32);
}

void start_linear_layers(torch::nn::Module& module) {
    for (const auto& layer : module.modules()) {
        if (auto* linear = layer->as<torch::nn::Linear>()) {
            torch::nn::init::xavier_uniform_(linear->weight);
            torch::nn::init::zeros_(linear->bias);
        }
    }
}

std::shared_ptr<DinoV2> start_dinov2(const DinoV2Config& config) {
    auto network = std::make_shared<DinoV2>(config);
    start_linear_layers(*network);
    const torch::NoGradGuard no_grad;
    auto parameters = network->named_parameters();
    torch::nn::init::xavier_uniform_(parameters["patch_embed.proj.weight"].flatten(1));
    parameters["patch_embed.proj.bias"].zero_();
    parameters["cls_token"].normal_(0, 0.02);
    parameters["pos_embed"][0].slice(0, 1).copy_(
        sine_positions(config.positions, config.positions, config.dim));
    return network;
}

}  // namespace distillar::models
