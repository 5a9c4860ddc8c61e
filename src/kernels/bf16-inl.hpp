/// Storing vectors as bf16, for kernels to inline; comes after simd-inl.hpp.
#include "kernels/bf16.hpp"

#if defined(DISTILLAR_BF16_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef DISTILLAR_BF16_INL_HPP
#undef DISTILLAR_BF16_INL_HPP
#else
#define DISTILLAR_BF16_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace distillar::kernels::HWY_NAMESPACE {

/// float32 to bf16, rounded to nearest even (NaN is not handled: it does not occur in tokens).
template <typename D>
HWY_INLINE void store(hn::Vec<D> values, D, Bf16* out) {
    const hn::RebindToUnsigned<D> words;
    const hn::Rebind<std::uint16_t, D> halves;
    const auto bits = hn::BitCast(words, values);
    const auto odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(words, 1U));
    const auto rounded = hn::Add(hn::Add(bits, hn::Set(words, 0x7FFFU)), odd);
    hn::StoreU(hn::TruncateTo(halves, hn::ShiftRight<16>(rounded)), halves, out);
}

/// The same name for what stays float32.
template <typename D>
HWY_INLINE void store(hn::Vec<D> values, D d, float* out) {
    hn::StoreU(values, d, out);
}

}  // namespace distillar::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
