#pragma once
/// Vector loops over the few points of a tree's leaf.
#include <cstddef>
#include <cstdint>

namespace distillar::geometry {

/// Vectors are loaded and stored whole: arrays that are passed here have this many more entries.
inline constexpr std::size_t leaf_slack = 8;

struct LeafPoints {
    const double* x;
    const double* y;
    const double* z;
    std::uint32_t place;  ///< in the tree, of the first
    std::uint32_t count;
    const double* low;  ///< their box: x, y, z
    const double* high;
};

/// Queries that search together, and what each has found so far. Squared distances are computed in
/// float64 and compared as float32: of different ones the order stays, or they become equal.
struct QueryGroup {
    static constexpr std::size_t most = 16;

    double x[most], y[most], z[most];
    std::uint32_t place[most];
    float bound[most];  ///< what is farther is not wanted; negative: there is no query
    std::size_t found[most];
    float* distances;  ///< most x room
    std::uint32_t* places;
    std::size_t room;  ///< at least leaf_slack beyond what is found
};

/// For each query adds the points that are not farther than its bound, without itself.
void collect(const LeafPoints& leaf, QueryGroup& queries);

/// Drops most of what is farther than the k-th nearest of `count` > k candidates.
/// @param bound  becomes a distance that at least k are not farther than.
/// @return how many are left, in their order: at least k.
std::size_t drop_farthest(float* distances, std::uint32_t* places, std::size_t count, std::size_t k,
                          float& bound);

/// For each of `count` distances how many are smaller: its place, unless some are equal.
void count_smaller(const float* distances, std::size_t count, std::int32_t* ranks);

/// Which point of a leaf is nearest to a query, the first of equally near ones.
/// @param distance  squared, of what is known already; smaller if the leaf has a nearer point.
/// @return the leaf's count if all are farther.
std::size_t nearest_of(const LeafPoints& leaf, const double* query, double& distance);

}  // namespace distillar::geometry
