#pragma once
#include <cstdint>
#include <vector>

#include "geometry/points.hpp"

namespace distillar::geometry {

/// N x k indices, row-major: the point itself, then its nearest points (Euclidean, in float64),
/// nearest first. With fewer than k points the farthest neighbour is repeated. Same bits for any
/// number of threads; equal distances are ordered by index.
/// @throws base::Error if k < 1 or a point is not finite.
std::vector<std::int32_t> nearest_neighbors(const Points32& points, int k);

/// For each query the index of the nearest reference point, the lowest of equally near ones.
/// @throws base::Error if there is no reference or a point is not finite.
std::vector<std::int32_t> nearest_point(const Points32& references, const Points32& queries);

/// Brute-force twins, for tests.
std::vector<std::int32_t> nearest_neighbors_brute_force(const Points32& points, int k);
std::vector<std::int32_t> nearest_point_brute_force(const Points32& references,
                                                    const Points32& queries);

}  // namespace distillar::geometry
