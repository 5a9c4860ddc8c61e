#pragma once
#include <Eigen/Core>
#include <Eigen/Geometry>
#include <array>

namespace distillar::simulation {

/// Four corners, counter-clockwise from above; edge 0 -> 1 faces the street.
using Outline = std::array<Eigen::Vector3f, 4>;

/// The same outline at one height.
Outline at_height(Outline outline, float z);

/// Every edge moved outward (inward where negative) by its own distance, metres.
Outline offset(const Outline& outline, const std::array<float, 4>& distances);
Outline offset(const Outline& outline, float distance);

/// The part between shares s of the way along the street and t of the way into the depth.
struct Share {
    float begin = 0, end = 1;
};
Outline part(const Outline& outline, const Share& s, const Share& t);

float width_of(const Outline& outline);  ///< along the street, metres
float depth_of(const Outline& outline);

}  // namespace distillar::simulation
