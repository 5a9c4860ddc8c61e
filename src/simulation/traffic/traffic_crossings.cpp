// Who may enter a crossing.
#include <algorithm>
#include <cmath>

#include "simulation/streets/signals.hpp"
#include "simulation/traffic/traffic.hpp"
#include "simulation/traffic/traffic_drivers.hpp"

namespace distillar::simulation {

namespace {

constexpr double asked_before = 12;  ///< metres before it must brake a driver asks for the crossing
constexpr double side_by_side = 2.9;  ///< metres between middles of vehicles that pass

bool same_crossing(const Path::StopLine& a, const Path::StopLine& b) {
    return a.i == b.i && a.j == b.j;
}

}  // namespace

/// The stop line, while the vehicle may not pass it. Before an amber light it stops if that is
/// easy, before a red one if it is possible.
Traffic::Ahead Traffic::line_ahead(Vehicle& vehicle, const Ahead& thing) const {
    if (vehicle.crossing && rear_of(vehicle) > vehicle.crossing->clear) {
        vehicle.crossing.reset();
    }
    const double front = front_of(vehicle);
    const auto* stop = vehicle.path.next_stop(front - 0.5);
    if (stop == nullptr || stop->distance - front >= driver_sight) {
        return {};
    }
    const double to_line = std::max(stop->distance - front, 0.0);
    const auto light = signal_phase(stop->i, stop->j, stop->along, now()).light;
    const double braking = light == SignalPhase::amber ? deceleration : hardest_braking;
    if (vehicle.speed * vehicle.speed / (2 * braking) > to_line + 0.5) {
        vehicle.crossing = *stop;  // too late
        return {};
    }
    const bool granted = vehicle.crossing && vehicle.crossing->distance == stop->distance;
    if (light != SignalPhase::green) {
        if (granted) {
            vehicle.crossing.reset();
        }
        return {to_line + 2, 0};
    }
    if (granted) {
        return {};
    }
    const double easy = vehicle.speed * vehicle.speed / (2 * deceleration);
    if (to_line < easy + asked_before && may_enter(vehicle, *stop, thing)) {
        vehicle.crossing = *stop;
        return {};
    }
    return {to_line + 2, 0};
}

/// Is there room behind the crossing, and nobody upon it whose way meets the vehicle's?
bool Traffic::may_enter(const Vehicle& vehicle, const Path::StopLine& stop,
                        const Ahead& thing) const {
    const bool room =
        thing.speed > 2 || front_of(vehicle) + thing.gap > stop.clear + vehicle.length;
    return room && std::none_of(vehicles_.begin(), vehicles_.end(), [&](const Vehicle& other) {
               return &other != &vehicle && other.crossing &&
                      same_crossing(*other.crossing, stop) && ways_meet(vehicle, stop, other);
           });
}

bool Traffic::ways_meet(const Vehicle& vehicle, const Path::StopLine& stop,
                        const Vehicle& other) const {
    const Path::StopLine& theirs = *other.crossing;
    const PathPoint mine = vehicle.path.at(stop.distance), his = other.path.at(theirs.distance);
    if ((mine.at - his.at).norm() < 6 && std::cos(mine.heading - his.heading) > 0.9) {
        return false;  // from the same side: one follows the other
    }
    const double from = std::max(rear_of(other), theirs.distance);
    for (double there = from; there < theirs.clear; there += 1) {
        const Eigen::Vector2d place = other.path.at(there).at;
        for (double here = stop.distance; here < stop.clear; here += 1) {
            if ((vehicle.path.at(here).at - place).norm() < side_by_side) {
                return true;
            }
        }
    }
    return false;
}

}  // namespace distillar::simulation
