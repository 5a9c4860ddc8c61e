#pragma once
#include "base/random.hpp"
#include "simulation/objects/props.hpp"
#include "simulation/streets/ground.hpp"

namespace distillar::simulation {

/// Countable things of the tiles in sight have numbers of their own: 12 x 12 tiles of 444, the
/// last 85 of them for walkers. What a tile holds beyond is not counted.
inline constexpr std::uint32_t tile_numbers = 444, first_walker = 359;
inline std::uint32_t first_instance(const Tile& tile) {
    const auto slot = [](int index) { return static_cast<std::uint32_t>((index % 12 + 12) % 12); };
    return 1 + tile_numbers * (12 * slot(tile.i) + slot(tile.j));
}

/// Everything a tile needs while it is filled.
struct TileWork {
    const City& city;
    const StreetMap& map;
    const Props& props;
    Tile tile;
    Eigen::Vector3d origin;  ///< world position of the tile's own coordinates
    base::Random random;
    Mesh& mesh;  ///< ground, buildings, walls
    Ground ground;
    std::vector<Placement> placements;
    std::uint32_t next_instance;

    /// Puts a prop on the ground (street coordinates, heading in radians).
    struct Stand {
        double lift = 0;  ///< metres above the ground
        float scale = 1;
        bool counted = false;  ///< gets an instance number
        bool upright = true;   ///< vehicles follow the slope
    };
    void place(const std::shared_ptr<const Shape>& shape, const Eigen::Vector2d& at, double heading,
               const Stand& stand);
    void place(const std::shared_ptr<const Shape>& shape, const Eigen::Vector2d& at,
               double heading) {
        place(shape, at, heading, Stand{});
    }

    /// A tree of the city's kinds, on lots and sidewalks.
    void plant_tree(const Eigen::Vector2d& at);
    /// A row of shrubs from one place to another (street coordinates), 1 to 3 m high, if the dice
    /// and the city's `thickets` say so.
    void plant_thicket(const Eigen::Vector2d& from, const Eigen::Vector2d& to);
    /// A car as it parks here.
    void park_car(const Eigen::Vector2d& at, double heading, double lift);
};

/// Heading of a street's positive direction, radians in street coordinates.
double heading_of(const Street& street);

/// Trees, lights, signs, parked cars and other things along the tile's streets.
void fill_roadside(TileWork& work);

/// Buildings, gardens, parks, lots: what the tile's block holds.
void fill_block(TileWork& work);

PlantKind plant_kind(const std::string& name);
VehicleKind vehicle_kind(const std::string& name);

}  // namespace distillar::simulation
