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

}  // namespace distillar::kernels
