#include "kernels/plane_taps.hpp"

#include "kernels/lanes.hpp"

namespace distillar::kernels {

TapWeights::TapWeights(const float* kernel, const float* kernel_bias, const float* scale,
                       std::size_t channels)
    : taps(9 * channels), bias(channels) {
    for (std::size_t c = 0; c < channels; ++c) {
        const float factor = scale == nullptr ? 1.0F : scale[c];
        for (std::size_t tap = 0; tap < 9; ++tap) {
            taps.data()[tap * channels + c] = kernel[9 * c + tap] * factor;
        }
        bias.data()[c] = kernel_bias[c] * factor;
    }
}

DISTILLAR_MULTIVERSION
void convolve(const TapRows& source, const TapWeights& weights, std::size_t channels, float* out) {
    const float* taps = weights.taps.data();
    const float* bias = weights.bias.data();
    std::size_t c = 0;
    for (; c + lanes <= channels; c += lanes) {
        Lanes sum = load(bias + c);
#pragma GCC unroll 9
        for (std::size_t tap = 0; tap < 9; ++tap) {
            sum += load(taps + tap * channels + c) * load(source.rows[tap] + c);
        }
        at(out + c) = sum;
    }
    for (; c < channels; ++c) {
        float sum = bias[c];
        for (std::size_t tap = 0; tap < 9; ++tap) {
            sum += taps[tap * channels + c] * source.rows[tap][c];
        }
        out[c] = sum;
    }
}

DISTILLAR_MULTIVERSION
void convolve_transposed(const TapRows& source, const TapWeights& weights, std::size_t channels,
                         float* out) {
    const float* taps = weights.taps.data();
    std::size_t c = 0;
    for (; c + lanes <= channels; c += lanes) {
        Lanes sum{};
#pragma GCC unroll 9
        for (std::size_t tap = 0; tap < 9; ++tap) {
            sum += load(taps + (8 - tap) * channels + c) * load(source.rows[tap] + c);
        }
        at(out + c) = sum;
    }
    for (; c < channels; ++c) {
        float sum = 0;
        for (std::size_t tap = 0; tap < 9; ++tap) {
            sum += taps[(8 - tap) * channels + c] * source.rows[tap][c];
        }
        out[c] = sum;
    }
}

DISTILLAR_MULTIVERSION
void add_tap_gradients(const TapRows& source, const float* gradient, std::size_t channels,
                       float* sums) {
    std::size_t c = 0;
    for (; c + lanes <= channels; c += lanes) {
        const Lanes slope = load(gradient + c);
#pragma GCC unroll 9
        for (std::size_t tap = 0; tap < 9; ++tap) {
            at(sums + tap * channels + c) += slope * load(source.rows[tap] + c);
        }
        at(sums + 9 * channels + c) += slope;
    }
    for (; c < channels; ++c) {
        for (std::size_t tap = 0; tap < 9; ++tap) {
            sums[tap * channels + c] += gradient[c] * source.rows[tap][c];
        }
        sums[9 * channels + c] += gradient[c];
    }
}

}  // namespace distillar::kernels
