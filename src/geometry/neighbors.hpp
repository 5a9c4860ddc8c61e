#pragma once
#include <cstdint>
#include <vector>

#include "geometry/points.hpp"

namespace distillar::geometry {

/// N x k indices, row-major: the k nearest points of each point (Euclidean), nearest first, itself
/// first. With fewer than k points the farthest neighbour is repeated. Same bits for any number of
/// threads; equal distances are ordered by index.
std::vector<std::int32_t> nearest_neighbors(const Points32& points, int k);

/// For each query the index of the nearest reference point. References must not be empty.
std::vector<std::int32_t> nearest_point(const Points32& references, const Points32& queries);

/// Brute-force twins, for tests.
std::vector<std::int32_t> nearest_neighbors_brute_force(const Points32& points, int k);
std::vector<std::int32_t> nearest_point_brute_force(const Points32& references,
                                                    const Points32& queries);

}  // namespace distillar::geometry
