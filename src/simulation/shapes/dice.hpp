#pragma once
#include <Eigen/Core>
#include <cmath>
#include <numbers>

#include "base/random.hpp"

namespace distillar::simulation {

/// Uniform in [low, high).
inline float between(base::Random& random, float low, float high) {
    return static_cast<float>(random.uniform(low, high));
}

/// A unit vector, uniform over the sphere.
inline Eigen::Vector3f any_direction(base::Random& random) {
    const float z = between(random, -1, 1);
    const float angle = between(random, 0, 2 * std::numbers::pi_v<float>);
    const float ring = std::sqrt(1 - z * z);
    return {ring * std::cos(angle), ring * std::sin(angle), z};
}

/// (cos, sin, 0) of an angle in radians.
inline Eigen::Vector3f level_direction(float angle) {
    return {std::cos(angle), std::sin(angle), 0};
}

}  // namespace distillar::simulation
