#include "simulation/rendering/develop.hpp"

#include <algorithm>
#include <cmath>

#include "base/thread_pool.hpp"
#include "simulation/shapes/noise.hpp"

namespace distillar::simulation {

using Eigen::Vector3f;

namespace {

/// Sets the mean logarithm of brightness to a fixed grey.
float exposure_of(const Radiance& radiance) {
    double sum = 0;
    for (const Vector3f& pixel : radiance.pixels) {
        const float brightness = pixel.dot(Vector3f(0.2126F, 0.7152F, 0.0722F));
        sum += std::log(std::clamp(brightness, 0.01F, 1.5F));
    }
    const double mean = std::exp(sum / static_cast<double>(radiance.pixels.size()));
    return static_cast<float>(std::clamp(0.2 / mean, 0.5, 2.5));
}

/// Linear up to 0.6, then ever flatter towards 1.
float shoulder(float x) {
    constexpr float knee = 0.6F;
    return x < knee ? x : 1 - (1 - knee) * std::exp(-(x - knee) / (1 - knee));
}

float srgb(float linear) {
    return linear <= 0.0031308F ? 12.92F * linear : 1.055F * std::pow(linear, 1 / 2.4F) - 0.055F;
}

Vector3f blurred(const Radiance& radiance, int row, int column) {
    constexpr float side = 0.08F;
    const auto at = [&](int r, int c) -> const Vector3f& {
        r = std::clamp(r, 0, radiance.height - 1);
        c = std::clamp(c, 0, radiance.width - 1);
        return radiance
            .pixels[static_cast<std::size_t>(r) * static_cast<std::size_t>(radiance.width) +
                    static_cast<std::size_t>(c)];
    };
    return (1 - 4 * side) * at(row, column) + side * (at(row - 1, column) + at(row + 1, column) +
                                                      at(row, column - 1) + at(row, column + 1));
}

}  // namespace

formats::Image develop(const Radiance& radiance, std::uint64_t seed) {
    formats::Image image{radiance.width, radiance.height,
                         std::vector<std::uint8_t>(3 * radiance.pixels.size())};
    const float exposure = exposure_of(radiance);
    const auto grain_seed = static_cast<std::uint32_t>(seed ^ (seed >> 32));
    const auto develop_row = [&](int row) {
        for (int column = 0; column < image.width; ++column) {
            const float x =
                2 * (static_cast<float>(column) + 0.5F) / static_cast<float>(image.width) - 1;
            const float y =
                2 * (static_cast<float>(row) + 0.5F) / static_cast<float>(image.height) - 1;
            const float corner = 1 - 0.09F * (x * x + y * y);
            const Vector3f light = exposure * corner * blurred(radiance, row, column);
            for (int channel = 0; channel < 3; ++channel) {
                const auto draw = [&](std::uint32_t which) {
                    return hash_unit(
                        static_cast<std::uint32_t>(row) * 3 + static_cast<std::uint32_t>(channel),
                        static_cast<std::uint32_t>(column), which, grain_seed);
                };
                const float grain = draw(0) + draw(1) - 1;  // triangular, -1..1
                const float value = srgb(shoulder(std::max(light[channel], 0.0F)));
                image.at(row, column)[channel] = static_cast<std::uint8_t>(
                    std::clamp(255 * value + 2.5F * grain + 0.5F, 0.0F, 255.0F));
            }
        }
    };
    base::parallel_for(static_cast<std::size_t>(image.height), 8,
                       [&](std::size_t begin, std::size_t end) {
                           for (std::size_t row = begin; row < end; ++row) {
                               develop_row(static_cast<int>(row));
                           }
                       });
    return image;
}

}  // namespace distillar::simulation
