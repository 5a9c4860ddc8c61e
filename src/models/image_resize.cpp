#include "models/image_resize.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/thread_pool.hpp"

namespace distillar::models {

namespace {

constexpr int fraction_bits = 22;  // of the weights; 8 + 22 bits leave room for the sum's sign

/// Input positions and fixed-point weights of every output position along one axis.
struct Taps {
    std::size_t most = 0;    ///< weights kept for each position
    std::vector<int> first;  ///< first input position
    std::vector<int> count;  ///< input positions
    std::vector<std::int32_t> weights;
};

Taps taps_of(int from, int to) {
    const double scale = static_cast<double>(from) / to;
    const double reach = std::max(scale, 1.0);
    Taps taps;
    taps.most = static_cast<std::size_t>(std::ceil(reach)) * 2 + 1;
    taps.weights.resize(taps.most * static_cast<std::size_t>(to));
    std::vector<double> exact;
    for (int i = 0; i < to; ++i) {
        const double centre = (i + 0.5) * scale;
        const int first = std::max(0, static_cast<int>(centre - reach + 0.5));
        const int end = std::min(from, static_cast<int>(centre + reach + 0.5));
        exact.clear();
        double sum = 0;
        for (int position = first; position < end; ++position) {
            const double distance = std::abs(position + 0.5 - centre) / reach;
            exact.push_back(std::max(0.0, 1.0 - distance));
            sum += exact.back();
        }
        auto* weights = taps.weights.data() + taps.most * static_cast<std::size_t>(i);
        for (const double weight : exact) {
            *weights++ = static_cast<std::int32_t>(
                std::lround(weight / sum * static_cast<double>(1 << fraction_bits)));
        }
        taps.first.push_back(first);
        taps.count.push_back(end - first);
    }
    return taps;
}

std::uint8_t rounded(std::int32_t sum) {
    return static_cast<std::uint8_t>(std::clamp(sum >> fraction_bits, 0, 255));
}

constexpr std::int32_t half = 1 << (fraction_bits - 1);

formats::Image resized_columns(const formats::Image& image, int width) {
    const Taps taps = taps_of(image.width, width);
    formats::Image result{width, image.height, {}};
    result.rgb.resize(3 * static_cast<std::size_t>(width) * static_cast<std::size_t>(image.height));
    const auto row = [&](int r) {
        for (int c = 0; c < width; ++c) {
            const auto place = static_cast<std::size_t>(c);
            const auto* weights = taps.weights.data() + taps.most * place;
            const std::uint8_t* pixel = image.at(r, taps.first[place]);
            std::int32_t red = half, green = half, blue = half;
            for (int k = 0; k < taps.count[place]; ++k, pixel += 3) {
                red += weights[k] * pixel[0];
                green += weights[k] * pixel[1];
                blue += weights[k] * pixel[2];
            }
            std::uint8_t* output = result.at(r, c);
            output[0] = rounded(red);
            output[1] = rounded(green);
            output[2] = rounded(blue);
        }
    };
    base::parallel_for(static_cast<std::size_t>(image.height), 32, [&](auto begin, auto end) {
        for (auto r = begin; r < end; ++r) {
            row(static_cast<int>(r));
        }
    });
    return result;
}

formats::Image resized_rows(const formats::Image& image, int height) {
    const Taps taps = taps_of(image.height, height);
    formats::Image result{image.width, height, {}};
    const std::size_t bytes = 3 * static_cast<std::size_t>(image.width);
    result.rgb.resize(bytes * static_cast<std::size_t>(height));
    base::parallel_for(static_cast<std::size_t>(height), 32, [&](auto begin, auto end) {
        std::vector<std::int32_t> sums(bytes);
        for (auto r = begin; r < end; ++r) {
            std::fill(sums.begin(), sums.end(), half);
            const auto* weights = taps.weights.data() + taps.most * r;
            for (int k = 0; k < taps.count[r]; ++k) {
                const std::uint8_t* input = image.at(taps.first[r] + k, 0);
                for (std::size_t i = 0; i < bytes; ++i) {
                    sums[i] += weights[k] * input[i];
                }
            }
            std::transform(sums.begin(), sums.end(), result.at(static_cast<int>(r), 0), rounded);
        }
    });
    return result;
}

}  // namespace

formats::Image resize_triangle(const formats::Image& image, int width, int height) {
    if (image.width < 1 || image.height < 1 || width < 1 || height < 1) {
        base::fail("an image of {} x {} pixels cannot be resized to {} x {}", image.width,
                   image.height, width, height);
    }
    return resized_rows(resized_columns(image, width), height);
}

}  // namespace distillar::models
