#include "models/teacher.hpp"

#include <torch/nn/functional/upsampling.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "base/error.hpp"
#include "base/thread_pool.hpp"

namespace distillar::models {

namespace {

/// Two neighbouring cells along one axis and the weight of the second.
struct Tap {
    std::int64_t low;
    std::int64_t high;
    float weight;
};

Tap tap_at(double position, std::int64_t cells) {
    const double inside = std::clamp(position, 0.0, static_cast<double>(cells - 1));
    const auto low = static_cast<std::int64_t>(std::floor(inside));
    return {low, std::min(low + 1, cells - 1),
            static_cast<float>(inside - static_cast<double>(low))};
}

double centres_position(float exact, std::int64_t cells, int image) {
    return (static_cast<double>(exact) + 0.5) * static_cast<double>(cells) / image - 0.5;
}

double corners_position(std::int32_t pixel, std::int64_t cells, int image, int input) {
    if (input <= 1) {
        return 0;
    }
    const std::int64_t resized = std::int64_t{pixel} * input / image;
    return static_cast<double>(resized) * static_cast<double>(cells - 1) / (input - 1);
}

void check(const FeatureGrid& grid) {
    const auto& values = grid.values;
    const bool usable = values.defined() && values.dim() == 3 && values.numel() > 0 &&
                        values.is_cpu() && values.scalar_type() == torch::kFloat32;
    if (!usable) {
        std::ostringstream shape;
        shape << (values.defined() ? values.sizes() : torch::IntArrayRef{});
        base::fail("feature grid of shape {}: it must be rows x columns x channels float32",
                   shape.str());
    }
    const bool corners = grid.geometry == CellGeometry::corners;
    if (grid.image_width < 1 || grid.image_height < 1 ||
        (corners && (grid.input_width < 1 || grid.input_height < 1))) {
        base::fail("feature grid: its image is {} x {} pixels, the network's input {} x {}",
                   grid.image_width, grid.image_height, grid.input_width, grid.input_height);
    }
}

}  // namespace

torch::Tensor image_tensor(const formats::Image& image, int height, int width) {
    auto bytes = torch::empty({image.height, image.width, 3}, torch::kUInt8);
    std::copy(image.rgb.begin(), image.rgb.end(), bytes.data_ptr<std::uint8_t>());
    const auto pixels = bytes.permute({2, 0, 1}).unsqueeze(0).to(torch::kFloat32) / 255;
    namespace F = torch::nn::functional;
    return F::interpolate(pixels, F::InterpolateFuncOptions()
                                      .size(std::vector<std::int64_t>{height, width})
                                      .mode(torch::kBilinear)
                                      .align_corners(false));
}

torch::Tensor normalised_as_imagenet(const torch::Tensor& images) {
    const auto per_channel = [&](double r, double g, double b) {
        return torch::tensor({r, g, b}, torch::kFloat32).view({3, 1, 1}).to(images.device());
    };
    return (images - per_channel(0.485, 0.456, 0.406)) / per_channel(0.229, 0.224, 0.225);
}

torch::Tensor sample_features(const FeatureGrid& grid,
                              const std::vector<geometry::PointPixel>& pixels) {
    check(grid);
    const auto values = grid.values.contiguous();
    const std::int64_t rows = values.size(0);
    const std::int64_t columns = values.size(1);
    const std::int64_t channels = values.size(2);
    const bool corners = grid.geometry == CellGeometry::corners;
    auto sampled = torch::empty({static_cast<std::int64_t>(pixels.size()), channels});
    const float* cells = values.data_ptr<float>();
    float* output = sampled.data_ptr<float>();
    base::parallel_for(pixels.size(), 256, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const auto& pixel = pixels[i];
            const Tap y = tap_at(
                corners ? corners_position(pixel.row, rows, grid.image_height, grid.input_height)
                        : centres_position(pixel.v, rows, grid.image_height),
                rows);
            const Tap x = tap_at(corners ? corners_position(pixel.column, columns, grid.image_width,
                                                            grid.input_width)
                                         : centres_position(pixel.u, columns, grid.image_width),
                                 columns);
            const float* top_left = cells + (y.low * columns + x.low) * channels;
            const float* top_right = cells + (y.low * columns + x.high) * channels;
            const float* bottom_left = cells + (y.high * columns + x.low) * channels;
            const float* bottom_right = cells + (y.high * columns + x.high) * channels;
            float* row = output + static_cast<std::int64_t>(i) * channels;
            for (std::int64_t c = 0; c < channels; ++c) {
                const float top = (1 - x.weight) * top_left[c] + x.weight * top_right[c];
                const float bottom = (1 - x.weight) * bottom_left[c] + x.weight * bottom_right[c];
                row[c] = (1 - y.weight) * top + y.weight * bottom;
            }
        }
    });
    return sampled;
}

}  // namespace distillar::models
