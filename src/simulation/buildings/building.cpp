#include "simulation/buildings/building.hpp"

#include <algorithm>
#include <cmath>

#include "simulation/buildings/building_kinds.hpp"
#include "simulation/shapes/dice.hpp"

namespace distillar::simulation {

using Eigen::Vector3f;

namespace {

/// A wide site holds several town houses wall to wall.
void add_town_row(Mesh& mesh, const Ground& ground, const BuildingStyle& style,
                  base::Random& random) {
    const float width = width_of(ground.outline);
    const int houses = std::max(1, static_cast<int>(std::lround(width / between(random, 13, 24))));
    const float share = 1 / static_cast<float>(houses);
    for (int house = 0; house < houses; ++house) {
        const float s = share * static_cast<float>(house);
        const Ground lot{part(ground.outline, {s, s + share}, {0, 1}), ground.below};
        const bool first = house == 0, last = house == houses - 1;
        add_town_house(mesh, lot, style, {true, last, true, first}, 2400 / houses, random);
    }
}

}  // namespace

void add_building(Mesh& mesh, const BuildingSite& site, const BuildingStyle& style,
                  std::uint32_t seed) {
    base::Random random(seed, 0, 0, 0xb01dU);
    const Ground ground = ground_of(site);
    const double kind = random.uniform();
    if (kind < style.house_share) {
        add_detached_house(mesh, ground, style, random);
    } else if (kind < style.house_share + style.strip_share) {
        add_shop_strip(mesh, ground, style, random);
    } else if (random.chance(style.modern_share)) {
        add_office(mesh, ground, style, random);
    } else {
        add_town_row(mesh, ground, style, random);
    }
}

Ground ground_of(const BuildingSite& site) {
    const float street = (site.corners[0].z() + site.corners[1].z()) / 2;
    float lowest = street;
    for (const Vector3f& corner : site.corners) {
        lowest = std::min(lowest, corner.z());
    }
    return {at_height(site.corners, street), street - lowest + 1};
}

void add_walls(Mesh& mesh, const Ground& ground, const WallPlan& plan,
               const std::array<bool, 4>& open) {
    for (std::size_t side = 0; side < 4; ++side) {
        const WallPlane wall = wall_plane(ground.outline[side], ground.outline[(side + 1) % 4],
                                          ground.outline[side].z());
        WallPlan own = plan;
        own.depth_below = ground.below;
        own.windows = plan.windows && open[side];
        own.seed = plan.seed + static_cast<std::uint32_t>(side);
        if (side != 0) {
            own.shops = false;
            own.recessed_floors = 0;
        }
        own.door = plan.door && side == 0;
        add_facade(mesh, wall, own);
    }
}

int recessed_floors(const FacadeCode& code, float length, int floors, int triangles) {
    constexpr int each = 22;  // triangles a window with reveals and sill
    const Bays bays = bays_of(layout_of(code), length);
    return bays.count == 0 ? 0 : std::min(floors, triangles / (each * bays.count));
}

int draw_floors(const BuildingStyle& style, base::Random& random) {
    const auto low = static_cast<int>(std::lround(style.floors_min));
    const auto high = std::max(low, static_cast<int>(std::lround(style.floors_max)));
    return std::max(1, low + static_cast<int>(random.below(static_cast<unsigned>(high - low + 1))));
}

}  // namespace distillar::simulation
