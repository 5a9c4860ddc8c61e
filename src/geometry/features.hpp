#pragma once
#include <string>
#include <vector>

#include "geometry/augment.hpp"

namespace distillar::geometry {

/// @throws base::Error with the nearest known name if one is unknown.
void check_feature_names(const std::vector<std::string>& names);

/// @throws base::Error with the nearest known name if a feature is unknown, none or twice there, or
///         needs an intensity that the scan lacks.
void check_features(const InputSpec& spec, const ScanView& scan);

/// N x channels, row-major, for the kept rows of the scan; points, radius (from the lidar) and
/// height (above the road) have one row per kept point.
void make_features(const InputSpec& spec, const ScanView& scan,
                   const std::vector<std::uint32_t>& kept, const PointsView& points,
                   const std::vector<float>& radius, const std::vector<float>& height,
                   std::vector<float>& features);

}  // namespace distillar::geometry
