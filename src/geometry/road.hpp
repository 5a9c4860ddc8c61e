#pragma once
#include <optional>

#include "geometry/points.hpp"

namespace distillar::geometry {

/// How far below the sensor the road lies, in metres (positive), from one scan. Among the points 3
/// to 20 m away and below the sensor the most frequent height is taken (0.2 m wide: walls and
/// vehicles spread over many heights, a road does not), then a plane is fitted to the points near
/// it, closer and closer, since a road has a slope and a sensor a pitch. The height is the plane's
/// below the sensor itself.
/// @param points  N x 3, metres, z up, origin at the sensor. Non-finite points are left out.
/// @return nothing if fewer than 200 points agree on a road.
std::optional<double> road_height(const Points& points);

/// The same for float32, in memory that the caller keeps.
std::optional<double> road_height(const PointsView& points, std::vector<Eigen::Vector3d>& nearby);

}  // namespace distillar::geometry
