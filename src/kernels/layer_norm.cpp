#include "kernels/layer_norm.hpp"

#define HWY_TARGET_INCLUDE "kernels/layer_norm.cpp"
#include "kernels/simd-inl.hpp"
// After Highway's own headers.
#include "kernels/layer_norm-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace distillar::kernels::HWY_NAMESPACE {
namespace {

HWY_INLINE void normalise(const float* x, std::size_t channels, const RowMoments& moments,
                          float* normed) {
    for_columns(channels, [&](auto d, std::size_t c) HWY_ATTR {
        hn::StoreU(normalised(d, x + c, moments), d, normed + c);
    });
}

void normalise_rows(const float* x, std::size_t rows, std::size_t channels, float* normed,
                    float* means, float* inverses) {
    for (std::size_t i = 0; i < rows; ++i) {
        const RowMoments moments = moments_of(x + i * channels, channels);
        normalise(x + i * channels, channels, moments, normed + i * channels);
        if (means != nullptr) {
            means[i] = moments.mean;
            inverses[i] = moments.inverse;
        }
    }
}

void normalise_rows_again(const float* x, std::size_t rows, std::size_t channels,
                          const float* means, const float* inverses, float* normed) {
    for (std::size_t i = 0; i < rows; ++i) {
        normalise(x + i * channels, channels, {means[i], inverses[i]}, normed + i * channels);
    }
}

void normalise_rows_backward(const float* g, const float* normed, const float* inverses,
                             const float* base, std::size_t rows, std::size_t channels,
                             float* out) {
    const float share = 1.0F / static_cast<float>(channels);
    for (std::size_t i = 0; i < rows; ++i) {
        const float* gradient = g + i * channels;
        const float* row = normed + i * channels;
        const float* past = base + i * channels;
        float* result = out + i * channels;
        const float sum = sum_of_columns(channels, [&](auto d, std::size_t c, auto sums) HWY_ATTR {
            return hn::Add(sums, hn::LoadU(d, gradient + c));
        });
        const float product =
            sum_of_columns(channels, [&](auto d, std::size_t c, auto sums) HWY_ATTR {
                return hn::MulAdd(hn::LoadU(d, gradient + c), hn::LoadU(d, row + c), sums);
            });
        const float mean = sum * share;
        const float slope = product * share;
        const float inverse = inverses[i];
        for_columns(channels, [&](auto d, std::size_t c) HWY_ATTR {
            const auto centred = hn::Sub(hn::LoadU(d, gradient + c), hn::Set(d, mean));
            const auto through = hn::NegMulAdd(hn::LoadU(d, row + c), hn::Set(d, slope), centred);
            hn::StoreU(hn::MulAdd(hn::Set(d, inverse), through, hn::LoadU(d, past + c)), d,
                       result + c);
        });
    }
}

}  // namespace
}  // namespace distillar::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace distillar::kernels {

HWY_EXPORT(normalise_rows);
void normalise_rows(const float* x, std::size_t rows, std::size_t channels, float* normed,
                    float* means, float* inverses) {
    HWY_DYNAMIC_DISPATCH(normalise_rows)(x, rows, channels, normed, means, inverses);
}

HWY_EXPORT(normalise_rows_again);
void normalise_rows_again(const float* x, std::size_t rows, std::size_t channels,
                          const float* means, const float* inverses, float* normed) {
    HWY_DYNAMIC_DISPATCH(normalise_rows_again)(x, rows, channels, means, inverses, normed);
}

HWY_EXPORT(normalise_rows_backward);
void normalise_rows_backward(const float* g, const float* normed, const float* inverses,
                             const float* base, std::size_t rows, std::size_t channels,
                             float* out) {
    HWY_DYNAMIC_DISPATCH(normalise_rows_backward)
    (g, normed, inverses, base, rows, channels, out);
}

}  // namespace distillar::kernels
#endif
