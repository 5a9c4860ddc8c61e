#pragma once
#include "base/random.hpp"
#include "simulation/buildings/building.hpp"
#include "simulation/buildings/facade_wall.hpp"
#include "simulation/buildings/roof.hpp"
#include "simulation/shapes/outline.hpp"

namespace distillar::simulation {

/// A site made ready: its outline level with the foot of the house.
struct Ground {
    Outline outline;  ///< at the street's height
    float below = 1;  ///< metres of wall below it, 1 m under the lowest corner
};
Ground ground_of(const BuildingSite& site);

/// Walls of all four sides by one plan. Doors and shops only towards the street; `open` tells
/// which sides have windows.
void add_walls(Mesh& mesh, const Ground& ground, const WallPlan& plan,
               const std::array<bool, 4>& open);

/// Floors with real reveals that fit into a budget of about `triangles`.
int recessed_floors(const FacadeCode& code, float length, int floors, int triangles);

/// How many floors, within the style's limits.
int draw_floors(const BuildingStyle& style, base::Random& random);

// building_*.cpp: one file a kind. ----------------------------------------------------------------
/// @param open    sides that no neighbour hides.
/// @param budget  triangles, about.
void add_town_house(Mesh& mesh, const Ground& ground, const BuildingStyle& style,
                    const std::array<bool, 4>& open, int budget, base::Random& random);
void add_office(Mesh& mesh, const Ground& ground, const BuildingStyle& style, base::Random& random);
void add_detached_house(Mesh& mesh, const Ground& ground, const BuildingStyle& style,
                        base::Random& random);
void add_shop_strip(Mesh& mesh, const Ground& ground, const BuildingStyle& style,
                    base::Random& random);

}  // namespace distillar::simulation
