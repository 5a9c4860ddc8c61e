/// Vector loops for every processor, by Google Highway: a file that includes this one, after naming
/// itself in HWY_TARGET_INCLUDE, is compiled once per target (plain x86-64, SSE4, AVX2 and AVX-512;
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
    const std::size_t whole = count - count % hn::Lanes(d);
    std::size_t c = 0;
    for (; c < whole; c += hn::Lanes(d)) {
        body(d, c);
    }
    for (; c < count; ++c) {
        body(OneFloat(), c);
    }
}

template <std::size_t together, typename Body>
HWY_INLINE void sum_some_rows(const float* first, std::size_t columns, float* sum,
                              const Body& body) {
    for_columns(columns, [&](auto d, std::size_t c) HWY_ATTR {
        auto total = hn::LoadU(d, sum + c);
        for (std::size_t i = 0; i < together; ++i) {
            total = body(d, c, hn::LoadU(d, first + i * columns + c), total);
        }
        hn::StoreU(total, d, sum + c);
    });
}

/// sum[c] = body(d, c, row[c], sum[c]) for all rows in their order, four rows at a time: sums are
/// loaded and stored less often.
template <typename Body>
HWY_INLINE void sum_rows(const float* first, std::size_t rows, std::size_t columns, float* sum,
                         const Body& body) {
    std::size_t i = 0;
    for (; i + 4 <= rows; i += 4) {
        sum_some_rows<4>(first + i * columns, columns, sum, body);
    }
    for (; i < rows; ++i) {
        sum_some_rows<1>(first + i * columns, columns, sum, body);
    }
}

/// Sum over the columns: body(d, c, sum) returns sum plus what columns from c on add to it. Four
/// sums side by side: an addition need not wait for the last one.
template <typename Body>
HWY_INLINE float sum_of_columns(std::size_t count, const Body& body) {
    const Floats d;
    const std::size_t lanes = hn::Lanes(d), whole = count - count % lanes;
    auto a = hn::Zero(d), b = a, e = a, f = a;
    std::size_t c = 0;
    for (; c + 4 * lanes <= whole; c += 4 * lanes) {
        a = body(d, c, a);
        b = body(d, c + lanes, b);
        e = body(d, c + 2 * lanes, e);
        f = body(d, c + 3 * lanes, f);
    }
    for (; c < whole; c += lanes) {
        a = body(d, c, a);
    }
    const auto sums = hn::Add(hn::Add(a, b), hn::Add(e, f));
    auto rest = hn::Set(OneFloat(), hn::GetLane(hn::SumOfLanes(d, sums)));
    for (; c < count; ++c) {
        rest = body(OneFloat(), c, rest);
    }
    return hn::GetLane(rest);
}

}  // namespace distillar::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
