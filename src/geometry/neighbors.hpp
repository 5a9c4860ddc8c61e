#pragma once
#include <cstdint>
#include <vector>

#include "geometry/group_search.hpp"
#include "geometry/points.hpp"

namespace distillar::geometry {

/// One per thread; their memory is kept from one cloud to the next.
using GroupSearches = std::vector<GroupSearch>;

/// N x k indices, row-major: the point itself, then its nearest points (Euclidean, in float64),
/// nearest first. With fewer than k points the farthest neighbour is repeated. Same bits for any
/// number of threads; equal distances are ordered by index.
/// @throws base::Error if k < 1 or a point is not finite.
std::vector<std::int32_t> nearest_neighbors(const PointsView& points, int k);

/// The same over a tree, N x k without the point itself (which a lone point repeats); k >= 0.
void nearest_others(const KdTree& tree, int k, GroupSearches& searches,
                    std::vector<std::int32_t>& others);

/// For each query the index of the nearest reference point, the lowest of equally near ones.
/// @throws base::Error if there is no reference or a point is not finite.
std::vector<std::int32_t> nearest_point(const PointsView& references, const PointsView& queries);

/// The same over the tree of the references (N x 3).
/// @param hints     for each query a reference to start from, or -1; empty: none.
/// @param distinct  no two references are at one place: a hint at the query's place is the answer.
void nearest_point(const KdTree& tree, const std::vector<float>& references,
                   const PointsView& queries, const std::vector<std::int32_t>& hints, bool distinct,
                   std::vector<std::int32_t>& nearest);

/// @throws base::Error if there are more than 2^31 - 1 points or one is not finite; `what` they
///         are.
void check_neighbor_points(const PointsView& points, const char* what);

/// Brute-force twins, for tests.
std::vector<std::int32_t> nearest_neighbors_brute_force(const PointsView& points, int k);
std::vector<std::int32_t> nearest_point_brute_force(const PointsView& references,
                                                    const PointsView& queries);

}  // namespace distillar::geometry
