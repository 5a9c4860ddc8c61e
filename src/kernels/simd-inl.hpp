/// Vector loops for every processor, by Google Highway: a file that includes this one, after naming
/// itself in HWY_TARGET_INCLUDE, is compiled once per target (plain x86-64, AVX2 and AVX-512;
/// HWY_DISABLED_TARGETS leaves out the others), each time in a namespace of its own. Its last part,
/// under HWY_ONCE, exports functions that call the best one for the processor at hand.
/// No include guard: each target needs its own copy.
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <cstddef>

#if defined(DISTILLAR_SIMD_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef DISTILLAR_SIMD_INL_HPP
#undef DISTILLAR_SIMD_INL_HPP
#else
#define DISTILLAR_SIMD_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace distillar::kernels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;
using OneFloat = hn::CappedTag<float, 1>;

/// body(d, c) for whole vectors of columns from c on, then for the last columns one by one.
template <typename Body>
HWY_INLINE void for_columns(std::size_t count, const Body& body) {
    const Floats d;
    std::size_t c = 0;
    for (; c + hn::Lanes(d) <= count; c += hn::Lanes(d)) {
        body(d, c);
    }
    for (; c < count; ++c) {
        body(OneFloat(), c);
    }
}

/// Sum over the columns: body(d, c, sum) returns sum plus what columns from c on add to it.
template <typename Body>
HWY_INLINE float sum_of_columns(std::size_t count, const Body& body) {
    const Floats d;
    auto sums = hn::Zero(d);
    std::size_t c = 0;
    for (; c + hn::Lanes(d) <= count; c += hn::Lanes(d)) {
        sums = body(d, c, sums);
    }
    auto rest = hn::Set(OneFloat(), hn::GetLane(hn::SumOfLanes(d, sums)));
    for (; c < count; ++c) {
        rest = body(OneFloat(), c, rest);
    }
    return hn::GetLane(rest);
}

}  // namespace distillar::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
