// What stands along streets: trees, lights, signs, parked cars.
#include <numbers>

#include "simulation/streets/placer.hpp"

namespace distillar::simulation {

namespace {

constexpr double pi = std::numbers::pi;

/// One side of a stretch of street. `side` is -1 right of the street's direction, 1 left.
struct Side {
    Stretch stretch;
    StreetKind kind;
    int side;
    double heading;  ///< of traffic on this side

    /// `out` metres behind the curb.
    Eigen::Vector2d at(const StreetMap& map, double s, double out) const {
        return map.point(stretch.street, s, side * (kind.curb() + out));
    }
};

void park_cars(TileWork& work, const Side& side) {
    if (side.kind.parking <= 0) {
        return;
    }
    const double length = 5.6;
    for (double s = side.stretch.begin + 10; s + length < side.stretch.end - 6; s += length) {
        if (!work.random.chance(work.city.traffic.parked)) {
            continue;
        }
        const double turned = work.random.chance(0.1) ? pi : 0;
        const double out = -side.kind.parking / 2 + work.random.uniform(-0.15, 0.15);
        work.park_car(side.at(work.map, s + length / 2, out), side.heading + turned, 0);
    }
}

void plant_trees(TileWork& work, const Side& side) {
    if (side.kind.sidewalk < 2.2) {
        return;
    }
    for (double s = side.stretch.begin + 9; s < side.stretch.end - 8; s += 9) {
        if (work.random.chance(work.city.plants.street_trees)) {
            work.plant_tree(side.at(work.map, s + work.random.uniform(-1, 1), 0.8));
        }
    }
}

/// Shrubs on the verge, here and there.
void plant_verge(TileWork& work, const Side& side) {
    if (!side.kind.verge) {
        return;
    }
    for (double s = side.stretch.begin + 9; s + 16 < side.stretch.end - 8; s += 40) {
        work.plant_thicket(side.at(work.map, s, 0.7), side.at(work.map, s + 16, 0.7));
    }
}

void put_lights(TileWork& work, const Side& side, std::uint32_t variant) {
    for (double s = side.stretch.begin + 14 + 10 * (side.side + 1); s < side.stretch.end - 6;
         s += 34) {
        work.place(pick(work.props.street_lights, variant), side.at(work.map, s, 0.45),
                   side.heading, {curb_height});
    }
}

void put_signs(TileWork& work, const Side& side) {
    for (double s = side.stretch.begin + 6; s < side.stretch.end - 4; s += 24) {
        const double place = s + work.random.uniform(0, 14);
        if (place < side.stretch.end - 4 && work.random.chance(0.45)) {
            work.place(pick(work.props.signs, work.random.next()), side.at(work.map, place, 0.5),
                       side.heading, {curb_height});
        }
    }
}

void put_things(TileWork& work, const Side& side) {
    for (double s = side.stretch.begin + 7; s < side.stretch.end - 6; s += 13) {
        if (!work.random.chance(0.35) || side.kind.sidewalk < 2) {
            continue;
        }
        const std::uint32_t variant = work.random.next();
        const auto thing = static_cast<StreetThing>(variant % street_thing_count);
        const bool wide = thing == StreetThing::bus_stop || thing == StreetThing::bicycle_rack;
        const double out = wide ? side.kind.sidewalk - 0.9 : 0.6;
        work.place(pick(work.props.things, variant),
                   side.at(work.map, s + work.random.uniform(0, 4), out), side.heading,
                   {curb_height});
        if (thing == StreetThing::bicycle_rack) {
            const auto& bicycles = work.props.of(VehicleKind::bicycle);
            for (int i = 0; i < 3; ++i) {
                work.place(pick(bicycles, work.random.next()), side.at(work.map, s + 0.7 * i, out),
                           side.heading + pi / 2 + 0.1 * i, {curb_height, 1, true});
            }
        }
    }
}

/// Parked two-wheelers at the curb.
void park_two_wheelers(TileWork& work, const Side& side) {
    for (double s = side.stretch.begin + 9; s < side.stretch.end - 9; s += 11) {
        if (work.random.chance(0.1)) {
            const bool motor = work.random.chance(0.5);
            const auto& variants =
                work.props.of(motor ? VehicleKind::motorcycle : VehicleKind::bicycle);
            work.place(pick(variants, work.random.next()),
                       side.at(work.map, s + work.random.uniform(0, 6), 0.9),
                       side.heading + work.random.uniform(-0.4, 0.4), {curb_height, 1, true});
        }
    }
}

/// A small building site at the roadside: cones and barriers, a lane's rim taken.
void put_works(TileWork& work, const Side& side) {
    if (!work.random.chance(0.12)) {
        return;
    }
    const double start = side.stretch.begin + 15;
    const double length = work.random.uniform(8, 20);
    const auto variant = work.random.next();
    for (double s = start; s < std::min(start + length, side.stretch.end - 8); s += 2.6) {
        const bool cone = work.random.chance(0.5);
        const auto& variants = cone ? work.props.cones : work.props.barriers;
        work.place(pick(variants, variant), side.at(work.map, s, -0.5), side.heading);
    }
}

void put_stop_signs(TileWork& work, const Side& side) {
    const double s = side.side < 0 ? side.stretch.end - 5 : side.stretch.begin + 5;
    work.place(pick(work.props.signs, 0), side.at(work.map, s, 0.5), side.heading, {curb_height});
}

}  // namespace

void fill_roadside(TileWork& work) {
    const std::uint32_t light = work.random.next();
    for (const int along : {0, 1}) {
        const Stretch stretch = stretch_of(work.map, work.tile, along);
        const StreetKind kind = work.map.kind(stretch.street);
        for (const int sign : {-1, 1}) {
            const double heading = heading_of(stretch.street) + (sign > 0 ? pi : 0);
            const Side side{stretch, kind, sign, heading};
            park_cars(work, side);
            plant_trees(work, side);
            plant_verge(work, side);
            put_lights(work, side, light);
            put_signs(work, side);
            put_things(work, side);
            park_two_wheelers(work, side);
            put_works(work, side);
            if (!work.map.has_signals(work.tile.i, work.tile.j)) {
                put_stop_signs(work, side);
            }
        }
    }
}

}  // namespace distillar::simulation
