#pragma once
/// Parts of ESPNetv2's encoder, under the published key names. Tensors are B x C x H x W.
#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/conv.h>

#include "models/torch.hpp"

namespace distillar::models::espnetv2 {

/// Keys of a block's parts: the encoder names them, the decoder counts them.
struct PartNames {
    const char* group;  ///< a module around the parts; "": none
    const char* convolution;
    const char* norm;
    const char* activation;
};
inline constexpr PartNames encoder_names{"", "conv", "bn", "act"};
inline constexpr PartNames decoder_names{"cbr", "0", "1", "2"};
inline constexpr PartNames decoder_norm_names{"br", "", "0", "1"};
inline constexpr PartNames plain_norm_names{"", "", "0", "1"};

/// A convolution without bias that keeps the size (but for its stride).
struct ConvolutionShape {
    std::int64_t inputs;
    std::int64_t outputs;
    std::int64_t kernel = 1;
    std::int64_t stride = 1;
    std::int64_t groups = 1;
    std::int64_t dilation = 1;
};
torch::nn::Conv2d convolution(const ConvolutionShape& shape);

/// Batch norm (eps 1e-5), then PReLU with one slope per channel.
class NormActivation : public torch::nn::Module {
public:
    NormActivation(std::int64_t channels, const PartNames& names);
    torch::Tensor forward(const torch::Tensor& input);

private:
    torch::nn::BatchNorm2d norm_{nullptr};
    torch::nn::PReLU activation_{nullptr};
};

/// Convolution, batch norm, PReLU; or without the PReLU. In evaluation the batch norm is folded
/// into the convolution.
class ConvolutionBlock : public torch::nn::Module {
public:
    explicit ConvolutionBlock(const ConvolutionShape& shape, const PartNames& names = encoder_names,
                              bool activation = true);
    torch::Tensor forward(const torch::Tensor& input);

private:
    torch::Tensor folded(const torch::Tensor& input);

    ConvolutionShape shape_;
    torch::nn::Conv2d convolution_{nullptr};
    torch::nn::BatchNorm2d norm_{nullptr};
    torch::nn::PReLU activation_{nullptr};
};

/// EESP unit: reduce, four dilated depthwise convolutions summed hierarchically, expand.
/// With stride 1 the input is added where shapes agree, and a PReLU follows; with stride 2 neither.
class Eesp : public torch::nn::Module {
public:
    /// @param largest  kernel sizes 3, 5, 7, 9 (as dilations 1 to 4) above this become 3.
    Eesp(std::int64_t inputs, std::int64_t outputs, std::int64_t stride, int largest);
    torch::Tensor forward(const torch::Tensor& input);

private:
    std::shared_ptr<ConvolutionBlock> reduce_;
    std::vector<torch::nn::Conv2d> branches_;
    std::shared_ptr<NormActivation> joined_;
    std::shared_ptr<ConvolutionBlock> expand_;
    torch::nn::PReLU activation_{nullptr};
};

/// Halves the size: [average pool, EESP of stride 2] + what the reduced image adds, then PReLU.
class Downsampler : public torch::nn::Module {
public:
    Downsampler(std::int64_t inputs, std::int64_t outputs, int largest);
    /// @param image  the normalised input of the network.
    torch::Tensor forward(const torch::Tensor& input, const torch::Tensor& image);

private:
    std::shared_ptr<Eesp> eesp_;
    std::shared_ptr<ConvolutionBlock> from_image_, widen_;
    torch::nn::PReLU activation_{nullptr};
};

}  // namespace distillar::models::espnetv2
