#pragma once
/// Pixel classes by ESPNetv2; no torch header.
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "formats/image.hpp"

namespace distillar::models {

/// Says what stands at each pixel of a photograph, on the CPU.
class EspNetV2Classifier {
public:
    /// @param weights  a published .pth (Cityscapes), or safetensors with the same keys.
    explicit EspNetV2Classifier(const std::filesystem::path& weights);
    ~EspNetV2Classifier();
    EspNetV2Classifier(EspNetV2Classifier&&) noexcept;
    EspNetV2Classifier& operator=(EspNetV2Classifier&&) noexcept;

    /// Cityscapes train ids 0..18, 19: background; rows x columns of the image as it is given.
    /// The image is squeezed to 1024 x 512 whatever its shape. The network's scores (at half that
    /// size) are interpolated bilinearly at each pixel's centre, and the largest wins: for an image
    /// of 1024 x 512 that is the published output, and edges are smooth at any other size.
    /// Safe from several threads; LibTorch takes one thread for it, which is the fastest way
    /// through many images (base::parallel_for over them).
    std::vector<std::uint8_t> classify(const formats::Image& image) const;

private:
    struct Network;
    std::unique_ptr<Network> network_;
};

}  // namespace distillar::models
