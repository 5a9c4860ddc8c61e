#pragma once
/// Rows of a point's neighbours: what the embedding gathers before its maps and reduces after them.
#include <cstddef>
#include <cstdint>

namespace distillar::kernels {

/// Differences of points [begin, begin + count) to their K neighbours: count * K rows of `inputs`.
/// @param features  N x inputs; `indices` N x K, rows of it.
template <typename Index>
void gather_differences(const float* features, std::size_t inputs, const Index* indices,
                        std::size_t neighbors, std::size_t begin, std::size_t count, float* out) {
    for (std::size_t point = begin; point < begin + count; ++point) {
        const float* own = features + point * inputs;
        for (std::size_t k = 0; k < neighbors; ++k) {
            const auto index = static_cast<std::size_t>(indices[point * neighbors + k]);
            const float* other = features + index * inputs;
            for (std::size_t j = 0; j < inputs; ++j) {
                *out++ = other[j] - own[j];
            }
        }
    }
}

/// Elementwise maximum of `count` rows and which row it came from (null: not asked for).
void maximum_of_rows(const float* rows, std::size_t count, std::size_t channels, float* out,
                     std::uint8_t* winners);

/// values = max(values, 0), in place.
void rectify(float* values, std::size_t count);

/// gradient = 0 where the rectified value is 0.
void rectify_backward(const float* rectified, std::size_t count, float* gradient);

/// A few points with their rows of K neighbours.
struct WinnerBlock {
    std::size_t points, neighbors, channels;
    const std::uint8_t* winners;  ///< points x C
    const float* gradient;        ///< points x C
    const float* hidden;          ///< points * K x C
    const float* weight;          ///< C x C
    float* hidden_gradient;       ///< points * K x C
    float* weight_gradient;       ///< C x C
};

/// hidden_gradient[winner(c)] += g(c) W[c] and weight_gradient[c] += g(c) h[winner(c)].
void add_winners(const WinnerBlock& block);

}  // namespace distillar::kernels
