// Vehicles come and go: at the beginning everywhere, later at the rim.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "simulation/streets/placer.hpp"
#include "simulation/traffic/traffic.hpp"
#include "simulation/traffic/traffic_drivers.hpp"

namespace distillar::simulation {

using Eigen::Vector2d;

namespace {

constexpr double zone = 140;  ///< metres around the ego vehicle that hold traffic

}  // namespace

void Traffic::replace_far_ones() {
    const Vector2d centre = vehicles_.front().path.at(now_at(vehicles_.front())).at;
    const auto gone = [&](const Vehicle& vehicle) {
        const double distance = (vehicle.path.at(now_at(vehicle)).at - centre).norm();
        return vehicle.number != 0 &&
               (distance > zone + 20 || (vehicle.stuck > 45 && distance > 60));
    };
    vehicles_.erase(std::remove_if(vehicles_.begin(), vehicles_.end(), gone), vehicles_.end());

    // New ones come in at the rim, until the lanes hold as many as at the beginning.
    const double streets = 2 * std::numbers::pi * zone * zone / city_.blocks.length.at(0.5);
    const double lanes = 2 * (1 + city_.streets.avenue_share) * streets;  // metres
    const double target = lanes / 100 * city_.traffic.per_lane;
    for (int trial = 0; trial < 6 && static_cast<double>(vehicles_.size()) < target; ++trial) {
        const int along = static_cast<int>(random_.below(2));
        const double angle = random_.uniform(0, 2 * std::numbers::pi);
        const Vector2d at = centre + random_.uniform(zone - 25, zone + 15) *
                                         Vector2d(std::cos(angle), std::sin(angle));
        const Street street{along, map_.index_below(along, along == 0 ? at.y() : at.x())};
        const int forward = random_.chance(0.5) ? 1 : -1;
        const int lanes_here = map_.kind(street).lanes;
        const int lane = static_cast<int>(random_.below(static_cast<std::uint32_t>(lanes_here)));
        const double s = along == 0 ? at.x() : at.y();
        if ((map_.point(street, s, 0) - centre).norm() > zone - 35) {
            spawn(street, forward, lane, s);
        }
    }
}

/// Vehicles on every lane around the ego vehicle, at the beginning.
void Traffic::fill_lanes() {
    const Vector2d centre = vehicles_.front().path.at(0).at;
    const double spacing = 100 / std::max(city_.traffic.per_lane, 0.01);
    for (const int along : {0, 1}) {
        const double across = along == 0 ? centre.y() : centre.x();
        const double middle = along == 0 ? centre.x() : centre.y();
        const int last = map_.index_below(along, across + zone);
        for (int index = map_.index_below(along, across - zone); index <= last; ++index) {
            const Street street{along, index};
            const int lanes = map_.kind(street).lanes;
            for (int lane = 0; lane < lanes; ++lane) {
                for (const int forward : {-1, 1}) {
                    for (double s = middle - zone + random_.uniform(0, spacing); s < middle + zone;
                         s += 8 + random_.uniform(0, 2 * (spacing - 8))) {
                        if ((map_.point(street, s, 0) - centre).norm() < zone) {
                            spawn(street, forward, lane, s);
                        }
                    }
                }
            }
        }
    }
}

/// There one would stand upon it or before it without having asked for it.
bool Traffic::near_crossing(const Street& street, double s, double length) const {
    const int across = 1 - street.along, below = map_.index_below(across, s);
    for (const int index : {below, below + 1}) {
        const double away = std::abs(map_.line(across, index) - s);
        if (away < map_.kind({across, index}).curb() + 6 + length / 2) {
            return true;
        }
    }
    return false;
}

/// Is another one in the same lane, too near to brake for?
bool Traffic::in_the_way(const Vehicle& vehicle) const {
    const PathPoint place = vehicle.path.at(0);
    const Vector2d along(std::cos(place.heading), std::sin(place.heading));
    return std::any_of(vehicles_.begin(), vehicles_.end(), [&](const Vehicle& other) {
        const Vector2d way = other.path.at(now_at(other)).at - place.at;
        const double ahead = way.dot(along);
        return std::abs(ahead) < 8 + (vehicle.length + other.length) / 2 &&
               (way - ahead * along).norm() < 2.6;
    });
}

bool Traffic::spawn(const Street& street, int forward, int lane, double s) {
    const VehicleKind kind = vehicle_kind(draw(city_.traffic.vehicles, random_));
    const auto& shape = pick(props_.of(kind), random_.next());
    const Eigen::AlignedBox3f box = shape->mesh().bounds();
    const bool cycle = kind == VehicleKind::bicyclist;
    const double rim = cycle ? 0.9 : 0;
    const double length = box.max().x() - box.min().x();
    const int lanes = map_.kind(street).lanes;
    Vehicle vehicle{
        Path(map_, street, forward, cycle ? lanes - 1 : lane, s, rim, length < 9, random_.next()),
        shape,
        next_number_++,
        random_.next(),
        length,
        cycle ? random_.uniform(3.5, 6) : city_.traffic.speed * random_.uniform(0.8, 1.25)};
    vehicle.path.extend_to(100);
    const auto* stop = vehicle.path.next_stop(length / 2);
    const double to_line = stop != nullptr ? stop->distance - length / 2 : driver_sight;
    vehicle.speed = std::min(0.7 * vehicle.desired, std::sqrt(2 * deceleration * to_line));
    if (near_crossing(street, s, length) || in_the_way(vehicle)) {
        return false;
    }
    vehicles_.push_back(std::move(vehicle));
    return true;
}

}  // namespace distillar::simulation
