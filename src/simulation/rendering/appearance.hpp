#pragma once
#include <optional>

#include "simulation/shapes/mesh.hpp"

namespace distillar::simulation {

/// Where a ray met the world.
struct Hit {
    float distance = 0;        ///< metres
    Eigen::Vector3f position;  ///< world, relative to the scene's origin
    Eigen::Vector3f normal;    ///< unit, interpolated, facing the ray's origin
    Eigen::Vector3f face;      ///< unit, of the triangle, facing the ray's origin
    Eigen::Vector3f local;     ///< position in the prop's own frame (its texture does not swim)
    Eigen::Vector2f uv;
    Surface surface;
    std::uint32_t instance = 0;  ///< 0: no countable thing
    std::uint32_t paint = 0;     ///< the instance's random number: colour of a car, of clothes, ...
    bool moving = false;
};

/// What a surface looks like at one point, to eyes and to lidars.
struct Appearance {
    Eigen::Vector3f albedo = Eigen::Vector3f::Constant(0.5F);  ///< linear RGB, 0..1
    Eigen::Vector3f emission = Eigen::Vector3f::Zero();  ///< linear RGB, 1 = white in sunlight
    float mirror = 0;           ///< share of light reflected as a mirror does, seen head on
    float reflectivity = 0.3F;  ///< lidar (905 nm): diffuse 0..1; retroreflectors above 1
    float transmission = 0;     ///< lidar: share of pulses that pass or leave no echo (glass)
    std::optional<Category> category;  ///< other than the surface's, e.g. a marking on the road
};

/// Procedural: depends on the hit alone. Pixels are filtered by `footprint`, the width in metres
/// that one pixel covers: finer patterns fade to their mean.
Appearance appearance(const Hit& hit, float footprint);

// Private to the appearance files; each knows its own materials (mesh.hpp). ----------------------
Appearance ground_appearance(const Hit& hit, float footprint);
Appearance facade_appearance(const Hit& hit, float footprint);
Appearance object_appearance(const Hit& hit, float footprint);
Appearance roadside_appearance(const Hit& hit, float footprint);

}  // namespace distillar::simulation
