#pragma once
#include <Eigen/Core>
#include <cstdint>

namespace distillar::simulation {

/// A point on a wall, for patterns. Metres.
struct WallPoint {
    Eigen::Vector2f uv = Eigen::Vector2f::Zero();  ///< along, height above the foot
    float footprint = 0.01F;
    std::uint32_t seed = 0;
};

// Albedo of a wall of the given mean colour, without weathering -----------------------------------
Eigen::Vector3f plaster_albedo(const WallPoint& at, const Eigen::Vector3f& colour);
Eigen::Vector3f brick_albedo(const WallPoint& at, const Eigen::Vector3f& colour);
/// Courses of cut stone; `rough`: joints wide and deep, stones unlike each other.
Eigen::Vector3f stone_albedo(const WallPoint& at, const Eigen::Vector3f& colour, bool rough);
/// Slabs of the given size with joints between.
Eigen::Vector3f panel_albedo(const WallPoint& at, const Eigen::Vector3f& colour,
                             const Eigen::Vector2f& size);
Eigen::Vector3f siding_albedo(const WallPoint& at, const Eigen::Vector3f& colour);
Eigen::Vector3f corrugated_albedo(const WallPoint& at, const Eigen::Vector3f& colour);
Eigen::Vector3f tile_albedo(const WallPoint& at, const Eigen::Vector3f& colour);
Eigen::Vector3f planks_albedo(const WallPoint& at, const Eigen::Vector3f& colour);

/// Factor 0..1 of rain streaks, splashes at the foot and soot.
float weathering(const WallPoint& at);

}  // namespace distillar::simulation
