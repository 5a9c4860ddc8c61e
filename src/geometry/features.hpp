#pragma once
#include <string>
#include <vector>

#include "geometry/augment.hpp"

namespace distillar::geometry {

/// @throws base::Error with the nearest known name if a feature is unknown, none or twice there, or
///         needs an intensity that the scan lacks.
void check_features(const InputSpec& spec, const Scan& scan);

/// N x channels, row-major, for the kept rows of the scan; `source` has one row per kept point.
std::vector<float> make_features(const InputSpec& spec, const Scan& scan,
                                 const std::vector<std::uint32_t>& kept,
                                 const FeatureSource& source);

}  // namespace distillar::geometry
