#pragma once
/// One cell's depthwise 3x3, over all channels.
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/buffer.hpp"

namespace distillar::kernels {

/// A depthwise kernel [C x 9] as nine rows of C, each factor multiplied by `scale` (or 1), and the
/// bias likewise.
struct TapWeights {
    Buffer taps;  ///< 9 x C
    Buffer bias;  ///< C
    TapWeights(const float* kernel, const float* bias, const float* scale, std::size_t channels);
};

/// The source rows of a cell that are there: of the nine, on a real scan, about four.
struct TapRows {
    std::array<const float*, 9> rows;
    std::array<std::uint8_t, 9> tap;  ///< which of the nine each is, ascending
    std::size_t count = 0;

    /// @param taps  nine rows of `source`; -1: not there.
    TapRows(const std::int32_t* taps, const float* source, std::size_t channels) {
        for (std::size_t i = 0; i < 9; ++i) {
            if (taps[i] >= 0) {
                rows[count] = source + static_cast<std::size_t>(taps[i]) * channels;
                tap[count] = static_cast<std::uint8_t>(i);
                ++count;
            }
        }
    }
};

/// out = bias + sum over taps of weight[tap] * rows[tap].
void convolve(const TapRows& source, const TapWeights& weights, std::size_t channels, float* out);

/// out = sum over taps of weight[8 - tap] * rows[tap]: the convolution's transpose.
void convolve_transposed(const TapRows& source, const TapWeights& weights, std::size_t channels,
                         float* out);

/// sums[tap] += gradient * rows[tap], sums[9] += gradient (10 x C).
void add_tap_gradients(const TapRows& source, const float* gradient, std::size_t channels,
                       float* sums);

}  // namespace distillar::kernels
