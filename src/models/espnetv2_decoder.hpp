#pragma once
/// Parts of ESPNetv2's decoder, under the published key names. Tensors are B x C x H x W.
#include "models/espnetv2_blocks.hpp"

namespace distillar::models::espnetv2 {

/// Bilinear between the centres of the corner cells (align_corners).
torch::Tensor resize_corners(const torch::Tensor& input, std::int64_t rows, std::int64_t columns);

/// Efficient pyramid pooling: depthwise 3 x 3 convolutions at five sizes, merged.
class PyramidPooling : public torch::nn::Module {
public:
    /// @param last  the decoder's last: its 1x1 convolution has a bias, and no norm follows.
    PyramidPooling(std::int64_t inputs, std::int64_t inside, std::int64_t outputs, bool last);
    torch::Tensor forward(const torch::Tensor& input);

private:
    torch::Tensor at_scale(std::size_t stage, const torch::Tensor& input);

    std::shared_ptr<ConvolutionBlock> projection_;
    std::vector<torch::nn::Conv2d> stages_;
    std::shared_ptr<NormActivation> joined_;
    std::shared_ptr<ConvolutionBlock> merge_;
    torch::nn::Conv2d widen_{nullptr};
    std::shared_ptr<NormActivation> norm_;
};

/// What an encoder level gives to the decoder: a grouped 3 x 3 convolution, weighed per channel by
/// the level's global average.
class EncoderMerge : public torch::nn::Module {
public:
    EncoderMerge(std::int64_t inputs, std::int64_t outputs);
    torch::Tensor forward(const torch::Tensor& input);

private:
    std::shared_ptr<ConvolutionBlock> expansion_;
    torch::nn::Conv2d weights_{nullptr};
};

}  // namespace distillar::models::espnetv2
