#pragma once
#include <optional>

#include "geometry/points.hpp"

namespace distillar::geometry {

/// How far below the sensor the road lies, in metres (positive), from one scan: the most frequent
/// height (0.2 m wide) among the points 5 to 20 m away and below the sensor, then the median of the
/// points there. Walls and vehicles spread over many heights; a road does not.
/// @param points  N x 3, metres, z up, origin at the sensor. Non-finite points are left out.
/// @return nothing if fewer than 200 points agree on a height.
std::optional<double> road_height(const Points& points);

}  // namespace distillar::geometry
