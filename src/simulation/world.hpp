#pragma once
#include <map>
#include <memory>

#include "simulation/traffic/traffic.hpp"
#include "simulation/traffic/walkers.hpp"

namespace distillar::simulation {

/// What one tile holds that does not move.
struct TileContents {
    Eigen::Vector3d origin;  ///< world position of the tile's own coordinates
    std::vector<Placement> placements;
};

TileContents build_tile(const City& city, const StreetMap& map, const Props& props,
                        const Tile& tile, std::uint64_t seed);

/// A city around one vehicle that drives through it. World frame: z up, metres.
class World {
public:
    World(City city, std::uint64_t seed);

    /// Brings traffic to `time` (seconds, not before an earlier call).
    void advance_to(double time) { traffic_.advance_to(time); }

    /// On the road below the vehicle's middle: x forward, z up from the road. Valid for the last
    /// 3 s before the time advanced to.
    geometry::Pose vehicle_pose(double time) const;

    /// Everything within sight between two near times.
    struct View {
        std::unique_ptr<Scene> scene;
        Eigen::Vector3d origin;  ///< world position of the scene's origin
    };
    View view(double begin, double end);

private:
    std::vector<Tile> tiles_near(const Eigen::Vector2d& at, double radius) const;
    void build_tiles(const std::vector<Tile>& tiles);
    void add_tile(const TileContents& contents, View& view, std::vector<Placement>& all) const;
    void add_vehicles(double begin, double end, const View& view,
                      std::vector<Placement>& all) const;
    void add_walkers(const Tile& tile, double begin, double end, const View& view,
                     std::vector<Placement>& all) const;
    void add_signals(const Tile& tile, double time, const View& view,
                     std::vector<Placement>& all) const;
    Placement placement_of(const PathPoint& begin, const PathPoint& end, double lift, bool upright,
                           const View& view) const;

    City city_;
    std::uint64_t seed_;
    StreetMap map_;
    const Props& props_;
    Traffic traffic_;
    std::map<std::pair<int, int>, TileContents> tiles_;
};

}  // namespace distillar::simulation
