#include "models/espnetv2_decoder.hpp"

#include <array>
#include <cmath>
#include <numeric>

namespace distillar::models::espnetv2 {

namespace {

using torch::nn::Conv2d;
using torch::nn::Module;

constexpr std::array scales{2.0, 1.5, 1.0, 0.5, 0.1};
constexpr std::int64_t smallest = 5;  // cells a side

std::int64_t scaled(std::int64_t size, double scale) {
    return std::max(smallest,
                    static_cast<std::int64_t>(std::ceil(static_cast<double>(size) * scale)));
}

/// Channels a0 a1 .. b0 b1 .. of `groups` groups become a0 b0 .. a1 b1 .. The layout is channels
/// last.
torch::Tensor shuffled(const torch::Tensor& input, std::int64_t groups) {
    return input.permute({0, 2, 3, 1})
        .unflatten(3, {groups, input.size(1) / groups})
        .transpose(3, 4)
        .flatten(3, 4)
        .permute({0, 3, 1, 2});
}

}  // namespace

torch::Tensor resize_corners(const torch::Tensor& input, std::int64_t rows, std::int64_t columns) {
    return at::upsample_bilinear2d(input, {rows, columns}, /*align_corners=*/true);
}

PyramidPooling::PyramidPooling(std::int64_t inputs, std::int64_t inside, std::int64_t outputs,
                               bool last) {
    const auto joined = static_cast<std::int64_t>(scales.size()) * inside;
    auto stages = register_module("stages", torch::nn::ModuleList());
    for (std::size_t i = 0; i < scales.size(); ++i) {
        stages_.push_back(convolution({inside, inside, 3, 1, inside}));
        stages->push_back(stages_.back());
    }
    projection_ = register_module(
        "projection_layer",
        std::make_shared<ConvolutionBlock>(ConvolutionShape{inputs, inside}, decoder_names));
    auto merge = register_module("merge_layer", std::make_shared<Module>());
    joined_ =
        merge->register_module("0", std::make_shared<NormActivation>(joined, decoder_norm_names));
    merge_ = merge->register_module(
        "2", std::make_shared<ConvolutionBlock>(ConvolutionShape{joined, inside, 3, 1, inside},
                                                decoder_names));
    widen_ = merge->register_module(
        "3", Conv2d(torch::nn::Conv2dOptions(inside, outputs, 1).bias(last)));
    if (!last) {
        norm_ =
            register_module("br", std::make_shared<NormActivation>(outputs, decoder_norm_names));
    }
}

torch::Tensor PyramidPooling::at_scale(std::size_t stage, const torch::Tensor& input) {
    const double scale = scales[stage];
    if (scale == 1.0) {
        return stages_[stage]->forward(input);
    }
    const std::int64_t rows = input.size(2);
    const std::int64_t columns = input.size(3);
    const std::int64_t scaled_rows = scaled(rows, scale);
    const std::int64_t scaled_columns = scaled(columns, scale);
    if (scale > 1.0) {
        const auto larger = resize_corners(input, scaled_rows, scaled_columns);
        return at::adaptive_avg_pool2d(stages_[stage]->forward(larger), {rows, columns});
    }
    const auto smaller = at::adaptive_avg_pool2d(input, {scaled_rows, scaled_columns});
    return resize_corners(stages_[stage]->forward(smaller), rows, columns);
}

torch::Tensor PyramidPooling::forward(const torch::Tensor& input) {
    const auto projected = projection_->forward(input);
    std::vector<torch::Tensor> levels;
    for (std::size_t stage = 0; stage < stages_.size(); ++stage) {
        levels.push_back(at_scale(stage, projected));
    }
    const auto joined = joined_->forward(torch::cat(levels, 1));
    const auto groups = static_cast<std::int64_t>(scales.size());
    const auto output = widen_->forward(merge_->forward(shuffled(joined, groups)));
    return norm_ ? norm_->forward(output) : output;
}

EncoderMerge::EncoderMerge(std::int64_t inputs, std::int64_t outputs) {
    expansion_ = register_module(
        "expansion_layer",
        std::make_shared<ConvolutionBlock>(
            ConvolutionShape{inputs, outputs, 3, 1, std::gcd(inputs, outputs)}, decoder_names));
    auto weights = register_module("wt_layer", std::make_shared<Module>());
    weights_ = weights->register_module("1", convolution({inputs, outputs}));
}

torch::Tensor EncoderMerge::forward(const torch::Tensor& input) {
    const auto average = input.mean({2, 3}, /*keepdim=*/true);
    return expansion_->forward(input) * torch::sigmoid(weights_->forward(average));
}

}  // namespace distillar::models::espnetv2
