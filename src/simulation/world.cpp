#include "simulation/world.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/thread_pool.hpp"
#include "simulation/shapes/noise.hpp"
#include "simulation/streets/placer.hpp"
#include "simulation/streets/signals.hpp"

namespace distillar::simulation {

using Eigen::Vector2d;

namespace {

constexpr double sight = 210;       ///< metres: tiles nearer than that are built
constexpr double remembered = 420;  ///< and kept up to there
constexpr std::uint32_t first_vehicle = 64001, vehicle_numbers = 1500;

double distance_to(const Rectangle& rectangle, const Vector2d& at) {
    const Vector2d outside = (rectangle.low - at).cwiseMax(at - rectangle.high).cwiseMax(0.0);
    return outside.norm();
}

}  // namespace

World::World(City city, std::uint64_t seed)
    : city_(std::move(city)),
      seed_(seed),
      map_(city_, seed),
      props_(Props::shared()),
      traffic_(city_, map_, props_, seed, [this](const Vector2d& at, double time) {
          std::vector<Vector2d> people;
          for (const Tile& tile : tiles_near(at, 60)) {
              const auto here = crossing_people(city_, map_, tile, seed_, time);
              people.insert(people.end(), here.begin(), here.end());
          }
          return people;
      }) {}

geometry::Pose World::vehicle_pose(double time) const {
    const PathPoint place = traffic_.ego(time);
    return map_.frame(place.at, place.heading, false);
}

std::vector<Tile> World::tiles_near(const Vector2d& at, double radius) const {
    std::vector<Tile> tiles;
    for (int i = map_.index_below(1, at.x() - radius); map_.line(1, i) < at.x() + radius; ++i) {
        for (int j = map_.index_below(0, at.y() - radius); map_.line(0, j) < at.y() + radius; ++j) {
            const Rectangle whole{{map_.line(1, i), map_.line(0, j)},
                                  {map_.line(1, i + 1), map_.line(0, j + 1)}};
            if (distance_to(whole, at) < radius) {
                tiles.push_back({i, j});
            }
        }
    }
    return tiles;
}

void World::build_tiles(const std::vector<Tile>& tiles) {
    std::vector<Tile> missing;
    for (const Tile& tile : tiles) {
        if (!tiles_.contains({tile.i, tile.j})) {
            missing.push_back(tile);
        }
    }
    std::vector<TileContents> built(missing.size());
    base::parallel_for(missing.size(), 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t n = begin; n < end; ++n) {
            built[n] = build_tile(city_, map_, props_, missing[n], seed_);
        }
    });
    for (std::size_t n = 0; n < missing.size(); ++n) {
        tiles_[{missing[n].i, missing[n].j}] = std::move(built[n]);
    }
}

World::View World::view(double begin, double end) {
    const Vector2d at = traffic_.ego((begin + end) / 2).at;
    View view{nullptr, map_.to_world(at).array().round()};
    std::erase_if(tiles_, [&](const auto& item) {
        const auto& [i, j] = item.first;
        return (Vector2d(map_.line(1, i), map_.line(0, j)) - at).norm() > remembered;
    });
    const auto tiles = tiles_near(at, sight);
    build_tiles(tiles);
    std::vector<Placement> all;
    for (const Tile& tile : tiles) {
        add_tile(tiles_.at({tile.i, tile.j}), view, all);
        add_walkers(tile, begin, end, view, all);
        add_signals(tile, begin, view, all);
    }
    add_vehicles(begin, end, view, all);
    view.scene = std::make_unique<Scene>(std::move(all));
    return view;
}

void World::add_tile(const TileContents& contents, View& view, std::vector<Placement>& all) const {
    const Eigen::Vector3f shift = (contents.origin - view.origin).cast<float>();
    for (Placement placement : contents.placements) {
        placement.begin.pretranslate(shift);
        placement.end.pretranslate(shift);
        all.push_back(std::move(placement));
    }
}

Placement World::placement_of(const PathPoint& begin, const PathPoint& end, double lift,
                              bool upright, const View& view) const {
    const auto pose = [&](const PathPoint& point) {
        geometry::Pose made = map_.frame(point.at, point.heading, upright);
        made.translation() += Eigen::Vector3d(0, 0, lift) - view.origin;
        return made.cast<float>();
    };
    Placement placement;
    placement.begin = pose(begin);
    placement.end = pose(end);
    return placement;
}

void World::add_vehicles(double begin, double end, const View& view,
                         std::vector<Placement>& all) const {
    for (const Traffic::Mover& mover : traffic_.movers(begin, end)) {
        Placement placement = placement_of(mover.begin, mover.end, 0, false, view);
        placement.shape = mover.shape;
        placement.instance = first_vehicle + mover.number % vehicle_numbers;
        placement.paint = mover.paint;
        placement.moving = mover.moving;
        all.push_back(std::move(placement));
    }
}

void World::add_walkers(const Tile& tile, double begin, double end, const View& view,
                        std::vector<Placement>& all) const {
    const auto first = walkers_of(city_, map_, tile, seed_, begin);
    const auto last = walkers_of(city_, map_, tile, seed_, end);
    for (std::size_t n = 0; n < first.size(); ++n) {
        const Walker &from = first[n], &to = last[n];
        const bool turned = std::abs(from.heading - to.heading) > 1e-6;
        Placement placement =
            placement_of({from.at, from.heading}, {turned ? from.at : to.at, from.heading},
                         from.lift, true, view);
        const double phase = from.walked / step_length(from.variant);
        const auto stride =
            static_cast<std::size_t>((phase - std::floor(phase)) * Props::stride_phases) %
            Props::stride_phases;
        placement.shape =
            pick(from.walking ? props_.walking[stride] : props_.standing, from.variant);
        placement.instance = first_instance(tile) + first_walker + from.number;
        placement.paint = from.paint;
        placement.moving = from.walking;
        all.push_back(std::move(placement));
    }
}

/// Traffic lights on the right before each of the four ways into a crossing.
void World::add_signals(const Tile& tile, double time, const View& view,
                        std::vector<Placement>& all) const {
    if (!map_.has_signals(tile.i, tile.j)) {
        return;
    }
    const std::array<Street, 2> streets{Street{0, tile.j}, Street{1, tile.i}};
    for (const Street& street : streets) {
        const StreetKind kind = map_.kind(street);
        const Street other = streets[static_cast<std::size_t>(1 - street.along)];
        const double reach = map_.kind(other).curb() + 0.6;
        const auto light = signal_phase(tile.i, tile.j, street.along, time).light;
        for (const int forward : {1, -1}) {
            const double s = map_.line(other) - forward * reach;
            const Vector2d at = map_.point(street, s, -forward * (kind.curb() + 0.5));
            const double heading = heading_of(street) + (forward > 0 ? 0 : std::numbers::pi);
            Placement placement =
                placement_of({at, heading}, {at, heading}, curb_height, true, view);
            placement.shape = pick(props_.traffic_lights[static_cast<std::size_t>(light)],
                                   kind.lanes > 1 ? 1 : 0);
            placement.paint = hash(static_cast<std::uint32_t>(tile.i));
            all.push_back(std::move(placement));
        }
    }
}

}  // namespace distillar::simulation
