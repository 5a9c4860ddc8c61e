#pragma once
#include <array>

#include "simulation/shapes/mesh.hpp"

namespace distillar::simulation {

/// Where a building stands.
struct BuildingSite {
    /// Counter-clockwise from above, metres, z the ground; edge 0 -> 1 faces the street. A convex,
    /// roughly rectangular quadrilateral, 8-60 m wide and 8-25 m deep.
    std::array<Eigen::Vector3f, 4> corners;
};

/// How a quarter builds. Shares are probabilities, 0..1; the five of walls are relative weights.
struct BuildingStyle {
    float floors_min = 3, floors_max = 6;
    float floor_height = 3.1F;   ///< metres
    float house_share = 0;       ///< detached houses with garage and porch (1-2 floors)
    float strip_share = 0;       ///< rows of shops on one floor
    float modern_share = 0.15F;  ///< offices of glass and concrete
    float pitched_share = 0.7F;  ///< pitched roofs; else flat
    float plaster_share = 0.5F;
    float stone_share = 0.2F;
    float brick_share = 0.25F;
    float concrete_share = 0.1F;
    float wood_share = 0;     ///< of detached houses
    float shop_share = 0.5F;  ///< with shops on the ground floor
    float balcony_share = 0.3F;
};

/// Appends one building, Category::building throughout: facades, roof, what hangs and stands on
/// it. Walls stand on the site's edges and reach 1 m below its lowest corner; nothing but a tower
/// above its podium stands back, nothing sticks out more than 1.5 m. At most 3000 triangles.
/// The same mesh for the same arguments.
void add_building(Mesh& mesh, const BuildingSite& site, const BuildingStyle& style,
                  std::uint32_t seed);

}  // namespace distillar::simulation
