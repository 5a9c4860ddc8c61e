#include "kernels/plane_taps.hpp"

#define HWY_TARGET_INCLUDE "kernels/plane_taps.cpp"
#include "kernels/simd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace distillar::kernels::HWY_NAMESPACE {
namespace {

/// sum[v] += weight * row for `together` vectors of columns from c on; the weights of source row i
/// are row weight_row(i) of `weights`.
template <std::size_t together, typename D, typename WeightRow>
HWY_INLINE void add_products(D d, const TapRows& source, const float* weights, std::size_t channels,
                             std::size_t c, const WeightRow& weight_row,
                             hn::Vec<D> (&sums)[together]) {
    for (std::size_t i = 0; i < source.count; ++i) {
        const float* weight = weights + weight_row(source.tap[i]) * channels + c;
        const float* row = source.rows[i] + c;
        for (std::size_t v = 0; v < together; ++v) {
            const std::size_t at = v * hn::Lanes(d);
            sums[v] = hn::MulAdd(hn::LoadU(d, weight + at), hn::LoadU(d, row + at), sums[v]);
        }
    }
}

/// out = bias (or 0) + products, four vectors of columns at a time, then one.
template <typename WeightRow>
HWY_INLINE void sum_of_products(const TapRows& source, const float* weights, const float* bias,
                                std::size_t channels, const WeightRow& weight_row, float* out) {
    const Floats wide;
    const std::size_t step = 4 * hn::Lanes(wide), whole = channels - channels % step;
    for (std::size_t c = 0; c < whole; c += step) {
        hn::Vec<Floats> sums[4];
        for (std::size_t v = 0; v < 4; ++v) {
            sums[v] =
                bias == nullptr ? hn::Zero(wide) : hn::LoadU(wide, bias + c + v * hn::Lanes(wide));
        }
        add_products(wide, source, weights, channels, c, weight_row, sums);
        for (std::size_t v = 0; v < 4; ++v) {
            hn::StoreU(sums[v], wide, out + c + v * hn::Lanes(wide));
        }
    }
    for_columns(channels - whole, [&](auto d, std::size_t past) HWY_ATTR {
        const std::size_t c = whole + past;
        hn::Vec<decltype(d)> sums[1] = {bias == nullptr ? hn::Zero(d) : hn::LoadU(d, bias + c)};
        add_products(d, source, weights, channels, c, weight_row, sums);
        hn::StoreU(sums[0], d, out + c);
    });
}

void convolve(const TapRows& source, const float* taps, const float* bias, std::size_t channels,
              float* out) {
    sum_of_products(
        source, taps, bias, channels, [](std::size_t tap) HWY_ATTR { return tap; }, out);
}

void convolve_transposed(const TapRows& source, const float* taps, std::size_t channels,
                         float* out) {
    sum_of_products(
        source, taps, nullptr, channels, [](std::size_t tap) HWY_ATTR { return 8 - tap; }, out);
}

void add_tap_gradients(const TapRows& source, const float* gradient, std::size_t channels,
                       float* sums) {
    for_columns(channels, [&](auto d, std::size_t c) HWY_ATTR {
        const auto slope = hn::LoadU(d, gradient + c);
        for (std::size_t i = 0; i < source.count; ++i) {
            float* sum = sums + source.tap[i] * channels + c;
            hn::StoreU(hn::MulAdd(slope, hn::LoadU(d, source.rows[i] + c), hn::LoadU(d, sum)), d,
                       sum);
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
    (source, weights.taps.data(), weights.bias.data(), channels, out);
}

HWY_EXPORT(convolve_transposed);
void convolve_transposed(const TapRows& source, const TapWeights& weights, std::size_t channels,
                         float* out) {
    HWY_DYNAMIC_DISPATCH(convolve_transposed)
    (source, weights.taps.data(), channels, out);
}

HWY_EXPORT(add_tap_gradients);
void add_tap_gradients(const TapRows& source, const float* gradient, std::size_t channels,
                       float* sums) {
    HWY_DYNAMIC_DISPATCH(add_tap_gradients)(source, gradient, channels, sums);
}

}  // namespace distillar::kernels
#endif
