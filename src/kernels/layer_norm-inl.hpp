/// Moments of a row and its normalisation, for kernels to inline; comes after simd-inl.hpp.
#include <cmath>

#include "kernels/layer_norm.hpp"

#if defined(DISTILLAR_LAYER_NORM_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef DISTILLAR_LAYER_NORM_INL_HPP
#undef DISTILLAR_LAYER_NORM_INL_HPP
#else
#define DISTILLAR_LAYER_NORM_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace distillar::kernels::HWY_NAMESPACE {

HWY_INLINE RowMoments moments_of(const float* row, std::size_t channels) {
    const float sum = sum_of_columns(channels, [&](auto d, std::size_t c, auto sums) HWY_ATTR {
        return hn::Add(sums, hn::LoadU(d, row + c));
    });
    const float mean = sum / static_cast<float>(channels);
    const float square = sum_of_columns(channels, [&](auto d, std::size_t c, auto sums) HWY_ATTR {
        const auto centred = hn::Sub(hn::LoadU(d, row + c), hn::Set(d, mean));
        return hn::MulAdd(centred, centred, sums);
    });
    const float variance = square / static_cast<float>(channels);
    return {mean, 1.0F / std::sqrt(variance + norm_epsilon)};
}

/// Columns of x from c on, normalised.
template <typename D>
HWY_INLINE hn::Vec<D> normalised(D d, const float* x, const RowMoments& moments) {
    return hn::Mul(hn::Sub(hn::LoadU(d, x), hn::Set(d, moments.mean)), hn::Set(d, moments.inverse));
}

}  // namespace distillar::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
