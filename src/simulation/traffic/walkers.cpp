#include "simulation/traffic/walkers.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "simulation/streets/placer.hpp"
#include "simulation/streets/signals.hpp"

namespace distillar::simulation {

using Eigen::Vector2d;

namespace {

constexpr double pi = std::numbers::pi;
constexpr std::uint32_t round_the_block = 1, over_the_road = 2;

base::Random dice_of(const Tile& tile, std::uint64_t seed, std::uint32_t use) {
    return base::Random(seed, static_cast<std::uint32_t>(tile.i),
                        static_cast<std::uint32_t>(tile.j), 0x9e0 + use);
}

/// The middle of the sidewalks around a block.
Rectangle loop_of(const StreetMap& map, const Tile& tile) {
    const auto half = [&](int along, int index) {
        const StreetKind kind = map.kind({along, index});
        return (kind.sidewalk - (kind.verge ? 1.2 : 0.4)) / 2;
    };
    const Rectangle block = block_of(map, tile);
    return {block.low - Vector2d(half(1, tile.i), half(0, tile.j)),
            block.high + Vector2d(half(1, tile.i + 1), half(0, tile.j + 1))};
}

/// A place `distance` along the loop, counter-clockwise.
std::pair<Vector2d, double> on_loop(const Rectangle& loop, double distance) {
    const Vector2d size = loop.size();
    double d = std::fmod(distance, 2 * size.sum());
    d += d < 0 ? 2 * size.sum() : 0;
    if (d < size.x()) {
        return {loop.low + Vector2d(d, 0), 0};
    }
    d -= size.x();
    if (d < size.y()) {
        return {Vector2d(loop.high.x(), loop.low.y() + d), pi / 2};
    }
    d -= size.y();
    if (d < size.x()) {
        return {loop.high - Vector2d(d, 0), pi};
    }
    return {Vector2d(loop.low.x(), loop.high.y() - (d - size.x())), 1.5 * pi};
}

void add_round_walkers(const City& city, const StreetMap& map, const Tile& tile, std::uint64_t seed,
                       double time, std::vector<Walker>& walkers) {
    base::Random dice = dice_of(tile, seed, round_the_block);
    const Rectangle loop = loop_of(map, tile);
    const double length = 2 * loop.size().sum();
    const auto count = static_cast<int>(city.traffic.people * length / 100 + dice.uniform());
    for (int n = 0; n < std::min(count, 60); ++n) {
        Walker walker;
        walker.variant = dice.next();
        walker.paint = dice.next();
        walker.number = static_cast<std::uint32_t>(n);
        const double speed = dice.uniform(0.9, 1.7) * (dice.chance(0.5) ? 1 : -1);
        const double start = dice.uniform(0, length);
        const double side = dice.uniform(-0.45, 0.45);
        const Rectangle own{loop.low + Vector2d(side, side), loop.high - Vector2d(side, side)};
        walker.walking = !dice.chance(0.12);
        walker.walked = walker.walking ? std::abs(speed) * time : 0;
        const auto [at, heading] = on_loop(own, start + (walker.walking ? speed * time : 0));
        walker.at = at;
        walker.heading = heading + (speed < 0 ? pi : 0);
        walker.lift = curb_height;
        walkers.push_back(walker);
    }
}

/// Those who cross a stretch's street at its begin or end: one way in even cycles of the light,
/// back in odd ones; between they wait at the curb.
void add_crossing_walkers(const City& city, const StreetMap& map, const Tile& tile, int along,
                          int end, std::uint64_t seed, double time, std::vector<Walker>& walkers) {
    const Stretch stretch = stretch_of(map, tile, along);
    const StreetKind kind = map.kind(stretch.street);
    const int i = tile.i + (along == 0 ? end : 0), j = tile.j + (along == 1 ? end : 0);
    base::Random dice =
        dice_of(tile, seed, over_the_road + static_cast<std::uint32_t>(2 * along + end));
    const auto count = static_cast<int>(city.traffic.people / 3 + dice.uniform());
    for (int n = 0; n < std::min(count, 6); ++n) {
        Walker walker;
        walker.variant = dice.next();
        walker.paint = dice.next();
        walker.number = static_cast<std::uint32_t>(60 + 6 * (2 * along + end) + n);
        const double half = kind.curb() + 0.7;
        const double delay = dice.uniform(0.5, 4);
        const double in_time = 2 * half / (signal_red - 1 - delay);
        const double speed = std::max(dice.uniform(1.1, 1.6), in_time);
        const double place = dice.uniform(1.3, 3.7);
        const SignalPhase phase = signal_phase(i, j, along, time);
        const bool red = phase.light == SignalPhase::red;
        const double walked =
            red ? std::clamp((phase.into_red - delay) * speed, 0.0, 2 * half) : 2 * half;
        const bool back = (phase.cycle + n) % 2 != 0;
        const double c = back ? half - walked : -half + walked;
        const double s = end == 0 ? stretch.begin + place : stretch.end - place;
        walker.at = map.point(stretch.street, s, c);
        walker.heading = heading_of(stretch.street) + (back ? -pi / 2 : pi / 2);
        walker.walking = walked > 0 && walked < 2 * half;
        walker.walked = walked;
        walker.lift = std::abs(c) > kind.curb() ? curb_height : 0;
        walkers.push_back(walker);
    }
}

std::vector<Walker> crossing_walkers(const City& city, const StreetMap& map, const Tile& tile,
                                     std::uint64_t seed, double time) {
    std::vector<Walker> walkers;
    for (const int along : {0, 1}) {
        for (const int end : {0, 1}) {
            add_crossing_walkers(city, map, tile, along, end, seed, time, walkers);
        }
    }
    return walkers;
}

}  // namespace

std::vector<Walker> walkers_of(const City& city, const StreetMap& map, const Tile& tile,
                               std::uint64_t seed, double time) {
    auto walkers = crossing_walkers(city, map, tile, seed, time);
    add_round_walkers(city, map, tile, seed, time, walkers);
    return walkers;
}

std::vector<Vector2d> crossing_people(const City& city, const StreetMap& map, const Tile& tile,
                                      std::uint64_t seed, double time) {
    std::vector<Vector2d> people;
    for (const Walker& walker : crossing_walkers(city, map, tile, seed, time)) {
        if (walker.walking) {
            people.push_back(walker.at);
        }
    }
    return people;
}

}  // namespace distillar::simulation
