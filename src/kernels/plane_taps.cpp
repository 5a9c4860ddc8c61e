#include "kernels/plane_taps.hpp"

#define HWY_TARGET_INCLUDE "kernels/plane_taps.cpp"
#include "kernels/simd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace distillar::kernels::HWY_NAMESPACE {
namespace {

using Rows = const float* const*;  ///< the nine source rows

void convolve(Rows rows, const float* taps, const float* bias, std::size_t channels, float* out) {
    for_columns(channels, [&](auto d, std::size_t c) HWY_ATTR {
        auto sum = hn::LoadU(d, bias + c);
#pragma GCC unroll 9
        for (std::size_t tap = 0; tap < 9; ++tap) {
            sum = hn::MulAdd(hn::LoadU(d, taps + tap * channels + c), hn::LoadU(d, rows[tap] + c),
                             sum);
        }
        hn::StoreU(sum, d, out + c);
    });
}

void convolve_transposed(Rows rows, const float* taps, std::size_t channels, float* out) {
    for_columns(channels, [&](auto d, std::size_t c) HWY_ATTR {
        auto sum = hn::Zero(d);
#pragma GCC unroll 9
        for (std::size_t tap = 0; tap < 9; ++tap) {
            sum = hn::MulAdd(hn::LoadU(d, taps + (8 - tap) * channels + c),
                             hn::LoadU(d, rows[tap] + c), sum);
        }
        hn::StoreU(sum, d, out + c);
    });
}

void add_tap_gradients(Rows rows, const float* gradient, std::size_t channels, float* sums) {
    for_columns(channels, [&](auto d, std::size_t c) HWY_ATTR {
        const auto slope = hn::LoadU(d, gradient + c);
#pragma GCC unroll 9
        for (std::size_t tap = 0; tap < 9; ++tap) {
            float* sum = sums + tap * channels + c;
            hn::StoreU(hn::MulAdd(slope, hn::LoadU(d, rows[tap] + c), hn::LoadU(d, sum)), d, sum);
        }
        float* sum = sums + 9 * channels + c;
        hn::StoreU(hn::Add(hn::LoadU(d, sum), slope), d, sum);
    });
}

}  // namespace
}  // namespace distillar::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
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

HWY_EXPORT(convolve);
void convolve(const TapRows& source, const TapWeights& weights, std::size_t channels, float* out) {
    HWY_DYNAMIC_DISPATCH(convolve)
    (source.rows.data(), weights.taps.data(), weights.bias.data(), channels, out);
}

HWY_EXPORT(convolve_transposed);
void convolve_transposed(const TapRows& source, const TapWeights& weights, std::size_t channels,
                         float* out) {
    HWY_DYNAMIC_DISPATCH(convolve_transposed)
    (source.rows.data(), weights.taps.data(), channels, out);
}

HWY_EXPORT(add_tap_gradients);
void add_tap_gradients(const TapRows& source, const float* gradient, std::size_t channels,
                       float* sums) {
    HWY_DYNAMIC_DISPATCH(add_tap_gradients)(source.rows.data(), gradient, channels, sums);
}

}  // namespace distillar::kernels
#endif
