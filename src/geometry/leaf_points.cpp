#include "geometry/leaf_points.hpp"

#define HWY_TARGET_INCLUDE "geometry/leaf_points.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace distillar::geometry::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using Doubles = hn::CappedTag<double, leaf_slack>;
using Floats = hn::Rebind<float, Doubles>;  // as many
using Places = hn::RebindToUnsigned<Floats>;
using Ranks = hn::RebindToSigned<Floats>;
using Vector = hn::Vec<Doubles>;

/// Squared, x, y, z in this order, as squared_distance: no fused operation (-ffp-contract=off).
HWY_INLINE Vector square_sum(Vector x, Vector y, Vector z) {
    return hn::Add(hn::Add(hn::Mul(x, x), hn::Mul(y, y)), hn::Mul(z, z));
}

HWY_INLINE Vector distances_to(const LeafPoints& leaf, std::size_t i, Vector x, Vector y,
                               Vector z) {
    const Doubles d;
    return square_sum(hn::Sub(x, hn::LoadU(d, leaf.x + i)), hn::Sub(y, hn::LoadU(d, leaf.y + i)),
                      hn::Sub(z, hn::LoadU(d, leaf.z + i)));
}

HWY_INLINE Vector gap(const LeafPoints& leaf, std::size_t axis, Vector position) {
    const Doubles d;
    const auto below = hn::Sub(hn::Set(d, leaf.low[axis]), position);
    const auto above = hn::Sub(position, hn::Set(d, leaf.high[axis]));
    return hn::Max(hn::Zero(d), hn::Max(below, above));
}

/// One bit a query: whether the leaf's box reaches into its bound.
HWY_INLINE std::uint32_t reached(const LeafPoints& leaf, const QueryGroup& queries) {
    const Doubles d;
    const Floats floats;
    std::uint32_t bits = 0;
    for (std::size_t q = 0; q < QueryGroup::most; q += hn::Lanes(d)) {
        const auto away = square_sum(gap(leaf, 0, hn::LoadU(d, queries.x + q)),
                                     gap(leaf, 1, hn::LoadU(d, queries.y + q)),
                                     gap(leaf, 2, hn::LoadU(d, queries.z + q)));
        const auto bound = hn::LoadU(floats, queries.bound + q);
        std::uint8_t some[8];
        hn::StoreMaskBits(floats, hn::Le(hn::DemoteTo(floats, away), bound), some);
        bits |= std::uint32_t{some[0]} << q;
    }
    return bits;
}

void collect(const LeafPoints& leaf, QueryGroup& queries) {
    const Doubles d;
    const Floats floats;
    const Places places;
    for (std::uint32_t bits = reached(leaf, queries); bits != 0; bits &= bits - 1) {
        const std::size_t q = hwy::Num0BitsBelowLS1Bit_Nonzero32(bits);
        const auto x = hn::Set(d, queries.x[q]), y = hn::Set(d, queries.y[q]),
                   z = hn::Set(d, queries.z[q]);
        const auto bound = hn::Set(floats, queries.bound[q]);
        const auto self = hn::Set(places, queries.place[q]);
        std::size_t found = q * queries.room + queries.found[q];
        for (std::uint32_t i = 0; i < leaf.count; i += static_cast<std::uint32_t>(hn::Lanes(d))) {
            const auto distances = hn::DemoteTo(floats, distances_to(leaf, i, x, y, z));
            const auto here = hn::Iota(places, leaf.place + i);
            const auto others = hn::RebindMask(floats, hn::Ne(here, self));
            const auto near = hn::And(
                hn::And(hn::Le(distances, bound), hn::FirstN(floats, leaf.count - i)), others);
            hn::StoreU(hn::Compress(distances, near), floats, queries.distances + found);
            hn::StoreU(hn::Compress(here, hn::RebindMask(places, near)), places,
                       queries.places + found);
            found += hn::CountTrue(floats, near);
        }
        queries.found[q] = found - q * queries.room;
    }
}

HWY_INLINE std::size_t count_within(const float* distances, std::size_t count, float bound) {
    const Floats floats;
    const auto most = hn::Set(floats, bound);
    std::size_t within = 0;
    for (std::size_t i = 0; i < count; i += hn::Lanes(floats)) {
        const auto near = hn::Le(hn::LoadU(floats, distances + i), most);
        within += hn::CountTrue(floats, hn::And(near, hn::FirstN(floats, count - i)));
    }
    return within;
}

/// Halves the distance until few more than k are within it.
std::size_t drop_farthest(float* distances, std::uint32_t* places, std::size_t count, std::size_t k,
                          float& bound) {
    constexpr int most_halvings = 12;
    const Floats floats;
    auto largest = hn::Zero(floats);
    for (std::size_t i = 0; i < count; i += hn::Lanes(floats)) {
        const auto some = hn::LoadU(floats, distances + i);
        largest = hn::Max(largest, hn::IfThenElseZero(hn::FirstN(floats, count - i), some));
    }
    float low = 0, high = hn::GetLane(hn::MaxOfLanes(floats, largest));
    std::size_t within = count;
    for (int i = 0; i < most_halvings && within > k + k / 8; ++i) {
        const float middle = 0.5F * (low + high);
        const std::size_t here = count_within(distances, count, middle);
        low = here < k ? middle : low;
        high = here < k ? high : middle;
        within = here < k ? within : here;
    }
    bound = high;
    const auto most = hn::Set(floats, high);
    std::size_t left = 0;
    for (std::size_t i = 0; i < count; i += hn::Lanes(floats)) {
        const auto some = hn::LoadU(floats, distances + i);
        const auto some_places = hn::LoadU(Places(), places + i);
        const auto near = hn::And(hn::Le(some, most), hn::FirstN(floats, count - i));
        hn::StoreU(hn::Compress(some, near), floats, distances + left);
        hn::StoreU(hn::Compress(some_places, hn::RebindMask(Places(), near)), Places(),
                   places + left);
        left += hn::CountTrue(floats, near);
    }
    return left;
}

void count_smaller(const float* distances, std::size_t count, std::int32_t* ranks) {
    const Floats floats;
    const Ranks integers;
    for (std::size_t i = 0; i < count; i += hn::Lanes(floats)) {
        const auto these = hn::LoadU(floats, distances + i);
        auto smaller = hn::Zero(integers);
        for (std::size_t j = 0; j < count; ++j) {
            const auto is = hn::Lt(hn::Set(floats, distances[j]), these);
            // True is -1.
            smaller = hn::Sub(smaller, hn::VecFromMask(integers, hn::RebindMask(integers, is)));
        }
        hn::StoreU(smaller, integers, ranks + i);
    }
}

std::size_t nearest_of(const LeafPoints& leaf, const double* query, double& distance) {
    const Doubles d;
    const auto x = hn::Set(d, query[0]), y = hn::Set(d, query[1]), z = hn::Set(d, query[2]);
    const auto known = hn::Set(d, distance);
    auto least = known;
    for (std::size_t i = 0; i < leaf.count; i += hn::Lanes(d)) {
        const auto some = distances_to(leaf, i, x, y, z);
        least = hn::Min(least, hn::IfThenElse(hn::FirstN(d, leaf.count - i), some, known));
    }
    distance = hn::GetLane(hn::MinOfLanes(d, least));
    const auto nearest = hn::Set(d, distance);
    for (std::size_t i = 0; i < leaf.count; i += hn::Lanes(d)) {
        const auto equal =
            hn::And(hn::Eq(distances_to(leaf, i, x, y, z), nearest), hn::FirstN(d, leaf.count - i));
        const auto first = hn::FindFirstTrue(d, equal);
        if (first >= 0) {
            return i + static_cast<std::size_t>(first);
        }
    }
    return leaf.count;
}

}  // namespace
}  // namespace distillar::geometry::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace distillar::geometry {

HWY_EXPORT(collect);
void collect(const LeafPoints& leaf, QueryGroup& queries) {
    HWY_DYNAMIC_DISPATCH(collect)(leaf, queries);
}

HWY_EXPORT(drop_farthest);
std::size_t drop_farthest(float* distances, std::uint32_t* places, std::size_t count, std::size_t k,
                          float& bound) {
    return HWY_DYNAMIC_DISPATCH(drop_farthest)(distances, places, count, k, bound);
}

HWY_EXPORT(count_smaller);
void count_smaller(const float* distances, std::size_t count, std::int32_t* ranks) {
    HWY_DYNAMIC_DISPATCH(count_smaller)(distances, count, ranks);
}

HWY_EXPORT(nearest_of);
std::size_t nearest_of(const LeafPoints& leaf, const double* query, double& distance) {
    return HWY_DYNAMIC_DISPATCH(nearest_of)(leaf, query, distance);
}

}  // namespace distillar::geometry
#endif
