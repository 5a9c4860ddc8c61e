#include "simulation/traffic.hpp"

#include <algorithm>
#include <cmath>

#include "simulation/placer.hpp"
#include "simulation/signals.hpp"

namespace distillar::simulation {

using Eigen::Vector2d;

namespace {

constexpr double zone = 140;   ///< metres around the ego vehicle that hold traffic
constexpr double sight = 42;   ///< metres that drivers look ahead
constexpr double ego_length = 4.6;
constexpr double deceleration = 2.5, acceleration = 1.6;

/// Intelligent driver model.
double accelerate(double speed, double desired, double gap) {
    const double wanted_gap = 2.5 + 1.2 * speed;
    const double free = 1 - std::pow(speed / std::max(desired, 0.5), 4);
    const double near = std::pow(wanted_gap / std::max(gap, 0.3), 2);
    return std::clamp(acceleration * (free - near), -7.0, acceleration);
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
                nullptr, next_number_++, 0, ego_length, city.traffic.speed, city.traffic.speed};
    ego.path.extend_to(100);
    vehicles_.push_back(std::move(ego));
    fill_lanes();
}

PathPoint Traffic::place(const Vehicle& vehicle, double time) const {
    const double steps = std::clamp(time / step_, steps_ < remembered_ ? 0.0 :
                                    static_cast<double>(steps_ - remembered_ + 1),
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

/// Metres from the vehicle's front to the next thing on its path or a red light's stop line.
double Traffic::gap_ahead(const Vehicle& vehicle, const std::vector<Vector2d>& people) const {
    const double front = now_at(vehicle) + vehicle.length / 2;
    double gap = sight;
    const auto* stop = vehicle.path.next_stop(front - 0.5);
    if (stop != nullptr && stop->distance - front < gap) {
        const auto phase = signal_phase(stop->i, stop->j, stop->along,
                                        static_cast<double>(steps_) * step_);
        const double to_line = std::max(stop->distance - front, 0.0);
        const bool can_stop = vehicle.speed * vehicle.speed / (2 * deceleration) < to_line + 0.5;
        if (phase.light != SignalPhase::green && can_stop) {
            gap = to_line + 2;
        }
    }
    const Vector2d middle = vehicle.path.at(now_at(vehicle)).at;
    struct Obstacle {
        Vector2d at;
        double reach;
    };
    std::vector<Obstacle> near;
    for (const Vehicle& other : vehicles_) {
        const PathPoint place = other.path.at(now_at(other));
        if (&other == &vehicle || (place.at - middle).norm() > gap + 15) {
            continue;
        }
        const Vector2d along(std::cos(place.heading), std::sin(place.heading));
        const double half = std::max(0.0, other.length / 2 - 0.9);
        for (double offset = -half; offset <= half + 0.01; offset += std::max(0.5, half)) {
            near.push_back({place.at + offset * along, 1.9});
        }
    }
    for (const Vector2d& person : people) {
        if ((person - middle).norm() < gap + 5) {
            near.push_back({person, 1.6});
        }
    }
    for (double ahead = 0.5; ahead < gap && !near.empty(); ahead += 1) {
        const Vector2d probe = vehicle.path.at(front + ahead).at;
        for (const Obstacle& obstacle : near) {
            if ((obstacle.at - probe).norm() < obstacle.reach) {
                return std::max(0.0, ahead - 0.5);
            }
        }
    }
    return gap;
}

void Traffic::take_step() {
    const double time = static_cast<double>(steps_) * step_;
    const auto people = people_(ego(time).at, time);
    std::vector<double> next;
    next.reserve(vehicles_.size());
    for (const Vehicle& vehicle : vehicles_) {
        const double gap = gap_ahead(vehicle, people);
        const double wanted =
            accelerate(vehicle.speed, allowed_speed(vehicle), gap >= sight ? 1e3 : gap);
        next.push_back(std::max(0.0, vehicle.speed + step_ * wanted));
    }
    const std::size_t now = steps_++;
    for (std::size_t i = 0; i < vehicles_.size(); ++i) {
        Vehicle& vehicle = vehicles_[i];
        const double travelled =
            vehicle.travelled[now % remembered_] + step_ * (vehicle.speed + next[i]) / 2;
        vehicle.travelled[steps_ % remembered_] = travelled;
        vehicle.speed = next[i];
        vehicle.stuck = vehicle.speed < 0.2 ? vehicle.stuck + step_ : 0;
        vehicle.path.extend_to(travelled + 100);
        vehicle.path.forget_before(travelled - 40);
    }
    if (steps_ % 10 == 0) {
        replace_far_ones();
    }
}

void Traffic::replace_far_ones() {
    const Vector2d centre = vehicles_.front().path.at(now_at(vehicles_.front())).at;
    const auto gone = [&](const Vehicle& vehicle) {
        const double distance = (vehicle.path.at(now_at(vehicle)).at - centre).norm();
        return vehicle.number != 0 && (distance > zone + 20 || (vehicle.stuck > 45 && distance > 60));
    };
    vehicles_.erase(std::remove_if(vehicles_.begin(), vehicles_.end(), gone), vehicles_.end());

    // New ones come in at the rim, as many as the lanes there hold on average.
    const double lanes = 2 * 2 * 2 * zone / std::max(60.0, city_.blocks.length.at(0.5)) * 2 * zone;
    const double target = lanes / 100 * city_.traffic.per_lane / 2;
    for (int trial = 0; trial < 6 && static_cast<double>(vehicles_.size()) < target; ++trial) {
        const int along = static_cast<int>(random_.below(2));
        const double angle = random_.uniform(0, 6.283185307179586);
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
                        spawn(street, forward, lane, s);
                    }
                }
            }
        }
    }
}

bool Traffic::spawn(const Street& street, int forward, int lane, double s) {
    const VehicleKind kind = vehicle_kind(draw(city_.traffic.vehicles, random_));
    const auto& shape = pick(props_.of(kind), random_.next());
    const Eigen::AlignedBox3f box = shape->mesh().bounds();
    const bool cycle = kind == VehicleKind::bicyclist;
    const double rim = cycle ? 0.9 : 0;
    const double length = box.max().x() - box.min().x();
    const int lanes = map_.kind(street).lanes;
    Vehicle vehicle{Path(map_, street, forward, cycle ? lanes - 1 : lane, s, rim, length < 9,
                         random_.next()),
                    shape, next_number_++, random_.next(), length,
                    cycle ? random_.uniform(3.5, 6) : city_.traffic.speed * random_.uniform(0.8, 1.25)};
    vehicle.speed = vehicle.desired * 0.7;
    vehicle.path.extend_to(100);
    const Vector2d at = vehicle.path.at(0).at;
    for (const Vehicle& other : vehicles_) {
        const Vector2d place = other.path.at(now_at(other)).at;
        if ((place - at).norm() < 3 + (other.length + length) / 2) {
            return false;
        }
    }
    vehicles_.push_back(std::move(vehicle));
    return true;
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
