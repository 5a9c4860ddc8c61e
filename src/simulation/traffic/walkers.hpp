#pragma once
#include "simulation/objects/props.hpp"
#include "simulation/streets/ground.hpp"

namespace distillar::simulation {

/// A person at one moment, in street coordinates.
struct Walker {
    Eigen::Vector2d at;
    double heading = 0;
    double lift = 0;    ///< metres above the ground
    double walked = 0;  ///< metres so far; sets the step's phase
    bool walking = true;
    std::uint32_t number = 0;  ///< within the tile
    std::uint32_t variant = 0, paint = 0;
};

/// People on a tile's sidewalks, round and round the block, and on its foot crossings, to the
/// other side at each red light for cars. A function of time alone.
std::vector<Walker> walkers_of(const City& city, const StreetMap& map, const Tile& tile,
                               std::uint64_t seed, double time);

/// Those of them who are on the road.
std::vector<Eigen::Vector2d> crossing_people(const City& city, const StreetMap& map,
                                             const Tile& tile, std::uint64_t seed, double time);

}  // namespace distillar::simulation
