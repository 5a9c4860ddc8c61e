/// Storing vectors as bytes, for kernels to inline; comes after simd-inl.hpp.
#include <cstdint>

#if defined(DISTILLAR_BYTES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef DISTILLAR_BYTES_INL_HPP
#undef DISTILLAR_BYTES_INL_HPP
#else
#define DISTILLAR_BYTES_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace distillar::kernels::HWY_NAMESPACE {

/// Rounded to the nearest, kept within 0 to 255.
template <typename D>
HWY_INLINE void store(hn::Vec<D> values, D d, std::uint8_t* out) {
    const hn::Rebind<std::uint8_t, D> bytes;
    const auto kept = hn::Min(hn::Max(values, hn::Zero(d)), hn::Set(d, 255.0F));
    hn::StoreU(hn::DemoteTo(bytes, hn::NearestInt(kept)), bytes, out);
}

}  // namespace distillar::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
