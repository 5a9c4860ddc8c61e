#pragma once
#include <array>
#include <filesystem>

#include "formats/tensor.hpp"
#include "models/espnetv2_decoder.hpp"
#include "models/teacher.hpp"

namespace distillar::models {

/// Channels of the encoder's four levels: 32, 128, 256, 512 at scale 2.0; 16, 32, 64, 128 at 0.5.
struct EspNetV2Config {
    std::array<std::int64_t, 4> widths{32, 128, 256, 512};
    /// The published scale s: the second level has 64 s channels.
    double scale() const { return static_cast<double>(widths[1]) / 64; }
};

/// Widths read off a published state dict.
/// @throws base::Error naming the key that is missing or has an impossible shape.
EspNetV2Config espnetv2_config_of(const formats::Tensors& state, const std::string& source);

/// ESPNetv2 (Mehta et al., CVPR 2019) for segmentation, the EdgeNets variant trained on Cityscapes;
/// published key names (teachers.md).
class EspNetV2 : public torch::nn::Module {
public:
    static constexpr std::int64_t classes = 20;  ///< Cityscapes train ids 0..18, 19: background
    static constexpr std::int64_t stride = 16;   ///< sides of an input are multiples of this

    explicit EspNetV2(const EspNetV2Config& config);
    struct Output {
        torch::Tensor decoder_l3;      ///< B x 48 x H/4 x W/4, after bu_br_l3
        torch::Tensor decoder_l4;      ///< B x 32 x H/2 x W/2, after bu_br_l4
        torch::Tensor half_logits;     ///< B x 20 x H/2 x W/2
        torch::Tensor logits() const;  ///< B x 20 x H x W: the network's published output
    };
    /// @param images  B x 3 x H x W in [0, 1], H and W multiples of 16; normalised inside.
    Output forward(const torch::Tensor& images);
    const EspNetV2Config& config() const { return config_; }

private:
    torch::Tensor decoded(std::size_t level, const torch::Tensor& below,
                          const torch::Tensor& encoder_level);

    EspNetV2Config config_;
    std::shared_ptr<espnetv2::ConvolutionBlock> level1_;
    std::array<std::shared_ptr<espnetv2::Downsampler>, 3> down_;
    std::array<std::vector<std::shared_ptr<espnetv2::Eesp>>, 3> units_;
    std::array<std::shared_ptr<espnetv2::PyramidPooling>, 4> pooling_;
    std::array<std::shared_ptr<espnetv2::EncoderMerge>, 3> merge_;
    std::array<std::shared_ptr<espnetv2::NormActivation>, 3> norm_;
};

/// A network with the weights of a published state dict, in eval mode, nothing to be trained.
std::shared_ptr<EspNetV2> load_espnetv2(const formats::Tensors& state, const std::string& source);
/// The same from a file: a published .pth, or safetensors with the same keys.
std::shared_ptr<EspNetV2> load_espnetv2(const std::filesystem::path& weights);

/// The size that the published weights expect; any image is squeezed to it.
inline constexpr int espnetv2_width = 1024;
inline constexpr int espnetv2_height = 512;

/// 1 x 3 x 512 x 1024 in [0, 1] of an image of any size, resized by resize_triangle.
torch::Tensor espnetv2_input(const formats::Image& image);

/// ESPNetv2 as a teacher: 32 x 64 cells (areas of the image) of 100 channels: bu_br_l3 (48),
/// bu_br_l4 (32) and 10 x softmax (20), average-pooled and standardised per channel.
/// @param weights  its standardisation lies beside it: espnetv2_s_2.0_feature_stats.json (by scale)
///                 with lists `mean` and `std`.
std::unique_ptr<Teacher> open_espnetv2(const std::filesystem::path& weights,
                                       torch::Device device = torch::kCPU);

}  // namespace distillar::models
