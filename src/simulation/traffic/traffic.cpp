#include "simulation/traffic/traffic.hpp"

#include <algorithm>
#include <cmath>

#include "simulation/traffic/traffic_drivers.hpp"

namespace distillar::simulation {

using Eigen::Vector2d;

namespace {

constexpr double ego_length = 4.6;

/// Intelligent driver model. @param other  speed of what is `gap` ahead, in the same direction.
double accelerate(double speed, double desired, double gap, double other) {
    const double braking = speed * (speed - other) / (2 * std::sqrt(acceleration * deceleration));
    const double wanted_gap = 2.5 + std::max(0.0, 1.2 * speed + braking);
    const double free = 1 - std::pow(speed / std::max(desired, 0.5), 4);
    const double near = std::pow(wanted_gap / std::max(gap, 0.3), 2);
    return std::clamp(acceleration * (free - near), -hardest_braking, acceleration);
}

}  // namespace

Traffic::Traffic(const City& city, const StreetMap& map, const Props& props, std::uint64_t seed,
                 People people)
    : city_(city),
      map_(map),
      props_(props),
      people_(std::move(people)),
      random_(seed, 0, 0, 0x7aff) {
    const Street start{0, 0};
    const double s = map.line(1, 0) + map.kind({1, 0}).edge() + 12;
    Vehicle ego{Path(map, start, 1, map.kind(start).lanes - 1, s, 0, true, random_.next()),
                nullptr,
                next_number_++,
                0,
                ego_length,
                city.traffic.speed,
                city.traffic.speed};
    ego.path.extend_to(100);
    vehicles_.push_back(std::move(ego));
    fill_lanes();
}

PathPoint Traffic::place(const Vehicle& vehicle, double time) const {
    const double steps = std::clamp(
        time / step_, steps_ < remembered_ ? 0.0 : static_cast<double>(steps_ - remembered_ + 1),
        static_cast<double>(steps_));
    const auto before = static_cast<std::size_t>(steps);
    const double share = steps - static_cast<double>(before);
    const double first = vehicle.travelled[before % remembered_];
    const double second = vehicle.travelled[std::min(before + 1, steps_) % remembered_];
    return vehicle.path.at(first + share * (second - first));
}

void Traffic::advance_to(double time) {
    while (static_cast<double>(steps_) * step_ < time) {
        take_step();
    }
}

double Traffic::allowed_speed(const Vehicle& vehicle) const {
    double allowed = vehicle.desired;
    const double here = now_at(vehicle);
    for (double ahead = 0; ahead < 30; ahead += 3) {
        const double radius = vehicle.path.at(here + ahead).radius;
        if (radius > 0) {
            allowed = std::min(allowed, std::sqrt(1.8 * radius + 2 * 1.5 * ahead));
        }
    }
    return allowed;
}

/// What stands or drives on the vehicle's path before its front: vehicles are rows of circles.
Traffic::Ahead Traffic::thing_ahead(const Vehicle& vehicle,
                                    const std::vector<Vector2d>& people) const {
    struct Circle {
        Vector2d at;
        double radius;
        Vector2d velocity;
    };
    std::vector<Circle> near;
    const Vector2d middle = vehicle.path.at(now_at(vehicle)).at;
    for (const Vehicle& other : vehicles_) {
        const PathPoint place = other.path.at(now_at(other));
        if (&other == &vehicle ||
            (place.at - middle).norm() > driver_sight + (vehicle.length + other.length) / 2) {
            continue;
        }
        const Vector2d along(std::cos(place.heading), std::sin(place.heading));
        const double half = std::max(0.0, other.length / 2 - 0.9);
        const int pieces = static_cast<int>(std::ceil(half));
        for (int piece = -pieces; piece <= pieces; ++piece) {
            const double offset = pieces == 0 ? 0 : half * piece / pieces;
            near.push_back({place.at + offset * along, 1.9, other.speed * along});
        }
    }
    for (const Vector2d& person : people) {
        if ((person - middle).norm() < driver_sight + vehicle.length / 2) {
            near.push_back({person, 1.6, Vector2d::Zero()});
        }
    }
    const double front = front_of(vehicle);
    for (double ahead = 0.5; ahead < driver_sight && !near.empty(); ahead += 1) {
        const PathPoint probe = vehicle.path.at(front + ahead);
        for (const Circle& circle : near) {
            if ((circle.at - probe.at).norm() < circle.radius) {
                const Vector2d along(std::cos(probe.heading), std::sin(probe.heading));
                return {ahead - 0.5, std::max(0.0, circle.velocity.dot(along))};
            }
        }
    }
    return {};
}

void Traffic::take_step() {
    const auto people = people_(ego(now()).at, now());
    std::vector<double> next;
    next.reserve(vehicles_.size());
    for (Vehicle& vehicle : vehicles_) {
        const double allowed = allowed_speed(vehicle);
        const Ahead thing = thing_ahead(vehicle, people);
        double wanted = acceleration;
        for (const Ahead& ahead : {thing, line_ahead(vehicle, thing)}) {
            wanted = std::min(wanted, accelerate(vehicle.speed, allowed, ahead.gap, ahead.speed));
        }
        next.push_back(std::max(0.0, vehicle.speed + step_ * wanted));
    }
    const std::size_t before = steps_++;
    for (std::size_t i = 0; i < vehicles_.size(); ++i) {
        Vehicle& vehicle = vehicles_[i];
        const double travelled =
            vehicle.travelled[before % remembered_] + step_ * (vehicle.speed + next[i]) / 2;
        vehicle.travelled[steps_ % remembered_] = travelled;
        vehicle.speed = next[i];
        vehicle.stuck = vehicle.speed < 0.2 ? vehicle.stuck + step_ : 0;
        vehicle.path.extend_to(travelled + 100);
        vehicle.path.forget_before(travelled - 100);
    }
    if (steps_ % 10 == 0) {
        replace_far_ones();
    }
}

std::vector<Traffic::Mover> Traffic::movers(double begin, double end) const {
    std::vector<Mover> result;
    for (const Vehicle& vehicle : vehicles_) {
        if (vehicle.number != 0) {
            result.push_back({vehicle.shape, place(vehicle, begin), place(vehicle, end),
                              vehicle.number, vehicle.paint, vehicle.speed > 0.3, 1});
        }
    }
    return result;
}

}  // namespace distillar::simulation
