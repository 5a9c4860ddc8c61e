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

/// The nine source rows of a cell; a missing one is a row of zeros.
struct TapRows {
    std::array<const float*, 9> rows;
    TapRows(const std::int32_t* taps, const float* source, const float* zeros,
            std::size_t channels) {
        for (std::size_t tap = 0; tap < 9; ++tap) {
            rows[tap] =
                taps[tap] < 0 ? zeros : source + static_cast<std::size_t>(taps[tap]) * channels;
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
