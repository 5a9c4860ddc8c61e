// Blocks without houses around: parks, parking lots, squares, building sites.
#include <cmath>

#include "simulation/streets/lots.hpp"

namespace distillar::simulation {

using Eigen::Vector2d;

namespace {

constexpr Surface paving{Material::paving, Category::sidewalk, 0};
constexpr Surface lawn{Material::grass, Category::terrain, 0};
constexpr Surface path{Material::gravel, Category::other_ground, 0};
constexpr Surface soil{Material::soil, Category::terrain, 0};
constexpr Surface lot{Material::asphalt, Category::parking, 0};

Rectangle inset(const Rectangle& rectangle, double margin) {
    return {rectangle.low + Vector2d(margin, margin), rectangle.high - Vector2d(margin, margin)};
}

void put_things(TileWork& work, const Rectangle& area, int count) {
    for (int i = 0; i < count; ++i) {
        const Vector2d at(work.random.uniform(area.low.x(), area.high.x()),
                          work.random.uniform(area.low.y(), area.high.y()));
        const std::uint32_t variant = work.random.next();
        if (static_cast<StreetThing>(variant % street_thing_count) != StreetThing::bus_stop) {
            work.place(pick(work.props.things, variant), at, work.random.uniform(0, 6.28),
                       {curb_height});
        }
    }
}

void put_standing_people(TileWork& work, const Rectangle& area, int count) {
    for (int i = 0; i < count; ++i) {
        const Vector2d at(work.random.uniform(area.low.x(), area.high.x()),
                          work.random.uniform(area.low.y(), area.high.y()));
        work.place(pick(work.props.standing, work.random.next()), at, work.random.uniform(0, 6.28),
                   {curb_height, 1, true});
    }
}

void enclose_all(TileWork& work, const Rectangle& block, double share) {
    for (int i = 0; i < 4; ++i) {
        const BlockSide side(block, i);
        const double gate = side.length() / 2;
        if (work.random.chance(share)) {
            enclose(work, side.at(0.5, 0.5), side.at(gate - 3, 0.5));
            enclose(work, side.at(gate + 3, 0.5), side.at(side.length() - 0.5, 0.5));
        }
        work.plant_thicket(side.at(1, 1.7), side.at(gate - 3, 1.7));
        work.plant_thicket(side.at(gate + 3, 1.7), side.at(side.length() - 1, 1.7));
    }
}

}  // namespace

void fill_park(TileWork& work, const Rectangle& block) {
    const Vector2d middle = block.centre();
    const double half = 1.4;
    const Vector2d low = middle - Vector2d(half, half), high = middle + Vector2d(half, half);
    work.ground.area({{block.low.x(), low.y()}, {block.high.x(), high.y()}}, curb_height, path);
    work.ground.area({{low.x(), block.low.y()}, {high.x(), low.y()}}, curb_height, path);
    work.ground.area({{low.x(), high.y()}, {high.x(), block.high.y()}}, curb_height, path);
    for (const Rectangle& lawn_part :
         {Rectangle{block.low, low},
          Rectangle{{high.x(), block.low.y()}, {block.high.x(), low.y()}},
          Rectangle{{block.low.x(), high.y()}, {low.x(), block.high.y()}},
          Rectangle{high, block.high}}) {
        work.ground.area(lawn_part, curb_height, lawn, 1.2);
        strew(work, inset(lawn_part, 1.5), 0.9, 0.6);
    }
    put_things(work, inset(block, 4), 4);
    enclose_all(work, block, 0.4);
}

void fill_parking_lot(TileWork& work, const Rectangle& block) {
    const double rim = 2.5, bay = 5.2, aisle = 6.5, width = 2.6;
    const Rectangle inner = inset(block, rim);
    work.ground.area(inner, curb_height, lot);
    for (int i = 0; i < 4; ++i) {
        const BlockSide side(block, i);
        const double end = i % 2 == 0 ? 0 : rim;
        const Rectangle strip = side.part(end, side.length() - end, 0, rim);
        work.ground.area(strip, curb_height, lawn);
        strew(work, strip, 1.2 * work.city.plants.garden_trees, 2);
        work.plant_thicket(side.at(end + 1, rim / 2), side.at(side.length() / 2 - 4, rim / 2));
    }
    for (double y = inner.low.y() + 1; y + 2 * bay + aisle < inner.high.y(); y += 2 * bay + aisle) {
        for (double x = inner.low.x() + 6; x < inner.high.x() - 6; x += width) {
            if (work.random.chance(0.55)) {
                work.park_car({x, y + bay / 2}, 1.5708, curb_height);
            }
            if (work.random.chance(0.55)) {
                work.park_car({x, y + 1.5 * bay + aisle}, -1.5708, curb_height);
            }
        }
    }
    for (double x = inner.low.x() + 3; x < inner.high.x(); x += 30) {
        work.place(pick(work.props.street_lights, work.random.next()), {x, inner.centre().y()}, 0,
                   {curb_height});
    }
}

void fill_plaza(TileWork& work, const Rectangle& block) {
    work.ground.area(block, curb_height, paving);
    const double margin = std::max(8.0, block.size().minCoeff() * 0.2);
    const BlockSide side(block, 0);
    if (side.length() > 2 * margin + 10 && side.depth() > 2 * margin + 9) {
        build(work, side, margin, std::min(side.length() - margin, margin + 60), margin,
              std::min(side.depth() - margin, margin + 25), work.city.buildings);
    }
    for (int i = 0; i < 4; ++i) {
        const BlockSide edge(block, i);
        for (double a = 5; a < edge.length() - 5; a += 8) {
            if (work.random.chance(work.city.plants.street_trees)) {
                work.plant_tree(edge.at(a, 3));
            }
        }
    }
    put_things(work, inset(block, 2), 5);
    put_standing_people(work, inset(block, 1.5), 8);
}

void fill_works(TileWork& work, const Rectangle& block) {
    work.ground.area(block, curb_height, soil);
    const BlockSide side(block, 0);
    if (side.depth() > 40 && side.length() > 40) {
        BuildingStyle hall = work.city.buildings;
        hall.floors_min = hall.floors_max = 2;
        hall.floor_height = 4;
        build(work, side, 12, std::min(side.length() - 12, 60.0), side.depth() / 2,
              std::min(side.depth() / 2 + 22, side.depth() - 8), hall);
    }
    for (int i = 0; i < 6; ++i) {
        const auto kind = i % 3 == 0   ? VehicleKind::truck
                          : i % 3 == 1 ? VehicleKind::trailer
                                       : VehicleKind::van;
        work.place(pick(work.props.of(kind), work.random.next()),
                   side.at(8 + (side.length() - 16) * i / 6, work.random.uniform(6, 14)),
                   work.random.uniform(-0.2, 0.2), {curb_height, 1, true, false});
    }
    for (int i = 0; i < 10; ++i) {
        const auto& variants = i % 2 == 0 ? work.props.barriers : work.props.cones;
        work.place(pick(variants, work.random.next()),
                   side.at(work.random.uniform(3, side.length() - 3), 2.5), 0, {curb_height});
    }
    put_standing_people(work, inset(block, 5), 4);
    enclose_all(work, block, 0.8);
    strew(work, inset(block, 2), 0.1, 0.8);
}

}  // namespace distillar::simulation
