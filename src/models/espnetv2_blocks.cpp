#include "models/espnetv2_blocks.hpp"

#include <algorithm>
#include <array>

namespace distillar::models::espnetv2 {

namespace {

using torch::nn::BatchNorm2d;
using torch::nn::Conv2d;
using torch::nn::Module;
using torch::nn::PReLU;

PReLU prelu(std::int64_t channels) {
    return PReLU(torch::nn::PReLUOptions().num_parameters(channels));
}

BatchNorm2d batch_norm(std::int64_t channels) {
    return BatchNorm2d(torch::nn::BatchNorm2dOptions(channels).eps(1e-5));
}

std::int64_t padding_of(const ConvolutionShape& shape) {
    return shape.dilation * (shape.kernel - 1) / 2;
}

/// The module that holds a block's parts: itself, or a child of the name.
Module& holder(Module& block, const PartNames& names) {
    if (*names.group == '\0') {
        return block;
    }
    return *block.register_module(names.group, std::make_shared<Module>());
}

/// 3 x 3, stride 2; zeros beyond the border count.
torch::Tensor halved(const torch::Tensor& input) {
    return at::avg_pool2d(input, {3, 3}, {2, 2}, {1, 1}, /*ceil_mode=*/false,
                          /*count_include_pad=*/true);
}

}  // namespace

Conv2d convolution(const ConvolutionShape& shape) {
    return Conv2d(torch::nn::Conv2dOptions(shape.inputs, shape.outputs, shape.kernel)
                      .stride(shape.stride)
                      .padding(padding_of(shape))
                      .dilation(shape.dilation)
                      .groups(shape.groups)
                      .bias(false));
}

NormActivation::NormActivation(std::int64_t channels, const PartNames& names) {
    Module& parts = holder(*this, names);
    norm_ = parts.register_module(names.norm, batch_norm(channels));
    activation_ = parts.register_module(names.activation, prelu(channels));
}

torch::Tensor NormActivation::forward(const torch::Tensor& input) {
    return activation_->forward(norm_->forward(input));
}

ConvolutionBlock::ConvolutionBlock(const ConvolutionShape& shape, const PartNames& names,
                                   bool activation)
    : shape_(shape) {
    Module& parts = holder(*this, names);
    convolution_ = parts.register_module(names.convolution, convolution(shape));
    norm_ = parts.register_module(names.norm, batch_norm(shape.outputs));
    if (activation) {
        activation_ = parts.register_module(names.activation, prelu(shape.outputs));
    }
}

torch::Tensor ConvolutionBlock::folded(const torch::Tensor& input) {
    const auto factor = norm_->weight * torch::rsqrt(norm_->running_var + norm_->options.eps());
    const auto weight = convolution_->weight * factor.view({-1, 1, 1, 1});
    const auto bias = norm_->bias - norm_->running_mean * factor;
    const std::int64_t padding = padding_of(shape_);
    return at::convolution(input, weight, bias, {shape_.stride, shape_.stride}, {padding, padding},
                           {shape_.dilation, shape_.dilation}, /*transposed=*/false, {0, 0},
                           shape_.groups);
}

torch::Tensor ConvolutionBlock::forward(const torch::Tensor& input) {
    const auto normed =
        is_training() ? norm_->forward(convolution_->forward(input)) : folded(input);
    return activation_ ? activation_->forward(normed) : normed;
}

Eesp::Eesp(std::int64_t inputs, std::int64_t outputs, std::int64_t stride, int largest) {
    constexpr std::int64_t groups = 4;
    const std::int64_t width = outputs / groups;
    reduce_ = register_module("proj_1x1", std::make_shared<ConvolutionBlock>(
                                              ConvolutionShape{inputs, width, 1, 1, groups}));
    std::array sizes{3, 5, 7, 9};
    std::replace_if(
        sizes.begin(), sizes.end(), [&](int size) { return size > largest; }, 3);
    std::sort(sizes.begin(), sizes.end());
    auto list = register_module("spp_dw", torch::nn::ModuleList());
    for (const int size : sizes) {
        auto branch = std::make_shared<Module>();
        branches_.push_back(branch->register_module(
            "conv", convolution({width, width, 3, stride, width, (size - 1) / 2})));
        list->push_back(branch);
    }
    joined_ =
        register_module("br_after_cat", std::make_shared<NormActivation>(outputs, encoder_names));
    expand_ = register_module("conv_1x1_exp", std::make_shared<ConvolutionBlock>(
                                                  ConvolutionShape{outputs, outputs, 1, 1, groups},
                                                  encoder_names, false));
    if (stride == 1) {
        activation_ = register_module("module_act", prelu(outputs));
    }
}

torch::Tensor Eesp::forward(const torch::Tensor& input) {
    const auto reduced = reduce_->forward(input);
    std::vector<torch::Tensor> sums;
    for (auto& branch : branches_) {
        auto next = branch->forward(reduced);
        sums.push_back(sums.empty() ? next : next + sums.back());
    }
    auto output = expand_->forward(joined_->forward(torch::cat(sums, 1)));
    if (!activation_) {
        return output;
    }
    if (output.sizes() == input.sizes()) {
        output = output + input;
    }
    return activation_->forward(output);
}

Downsampler::Downsampler(std::int64_t inputs, std::int64_t outputs, int largest) {
    eesp_ = register_module("eesp", std::make_shared<Eesp>(inputs, outputs - inputs, 2, largest));
    auto reinforcement = register_module("inp_reinf", torch::nn::ModuleList());
    from_image_ = std::make_shared<ConvolutionBlock>(ConvolutionShape{3, 3, 3});
    widen_ = std::make_shared<ConvolutionBlock>(ConvolutionShape{3, outputs}, encoder_names, false);
    reinforcement->push_back(from_image_);
    reinforcement->push_back(widen_);
    activation_ = register_module("act", prelu(outputs));
}

torch::Tensor Downsampler::forward(const torch::Tensor& input, const torch::Tensor& image) {
    const auto output = torch::cat({halved(input), eesp_->forward(input)}, 1);
    auto reduced = halved(image);
    while (reduced.size(2) > output.size(2)) {
        reduced = halved(reduced);
    }
    return activation_->forward(output + widen_->forward(from_image_->forward(reduced)));
}

}  // namespace distillar::models::espnetv2
