#pragma once
#include <cstdint>
#include <vector>

#include "base/random.hpp"
#include "geometry/points.hpp"
#include "geometry/preprocess.hpp"

namespace distillar::geometry {

/// Where geometric features come from; they may be augmented apart from the coordinates.
struct FeatureSource {
    Points32 points;
    std::vector<float> radius;  ///< metres from the lidar
    std::vector<float> height;  ///< metres above the road
};

FeatureSource feature_source(const Points32& points, float sensor_height);

/// Rows (ascending) of the `count` points nearest to a random one; all rows if there are no more.
std::vector<std::uint32_t> limit_points(const PointsView& points, int count, base::Random& random);

/// [x y] <- [x y] [[cos, sin], [-sin, cos]]: a turn about z, counter-clockwise from above.
void rotate(Points32& points, double angle);

/// Slopes and mounting heights: what `tilt` and `height_jitter` of the augmentation say. Draws
/// nothing where both are 0.
void tilt(Points32& points, float sensor_height, const Augmentation& augmentation,
          base::Random& random);

/// Published order of distillation: rotates, flips and scales the coordinates. The features follow.
FeatureSource augment_for_distillation(Points32& points, float sensor_height,
                                       const Augmentation& augmentation, base::Random& random);

/// Published order downstream: the coordinates are rotated and flipped, the features x, y rotated
/// by an angle of their own, and x, y, z and radius scaled (height is not).
FeatureSource augment_for_downstream(Points32& points, float sensor_height,
                                     const Augmentation& augmentation, base::Random& random);

}  // namespace distillar::geometry
