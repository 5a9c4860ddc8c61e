#include "simulation/streets/path.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "simulation/shapes/noise.hpp"

namespace distillar::simulation {

using Eigen::Vector2d;

namespace {

constexpr double pi = std::numbers::pi;
constexpr double stop_before_crossing = 5.0;  ///< its curb; a foot crossing lies between

Vector2d direction(double heading) {
    return {std::cos(heading), std::sin(heading)};
}

/// Metres to the right of a street's middle.
double offset_of(const StreetKind& kind, int lane, double rim) {
    return (lane + 0.5) * kind.lane_width + rim;
}

/// The widest arc of a right turn that keeps off the corner between two curbs. @param from, to
/// metres from the lanes' middles to their curbs.
double right_radius(double from, double to) {
    const double clear = 0.6 * std::min(from, to);
    const double sum = from + to - clear;
    const double radius = sum + std::sqrt(sum * sum - (from * from + to * to - clear * clear));
    return std::min(radius, to + 4.5);
}

}  // namespace

Path::Path(const StreetMap& map, const Street& street, int forward, int lane, double s, double rim,
           bool may_turn, std::uint32_t seed)
    : map_(&map),
      street_(street),
      forward_(forward),
      lane_(lane),
      rim_(rim),
      may_turn_(may_turn),
      seed_(seed) {
    head_ = map.point(street, s, -forward * offset_of(map.kind(street), lane, rim));
    heading_ = (street.along == 0 ? 0 : pi / 2) + (forward > 0 ? 0 : pi);
}

void Path::add(double length, double curvature) {
    pieces_.push_back({reach_, length, head_, heading_, curvature});
    reach_ += length;
    const PathPoint end = at(reach_);
    head_ = end.at;
    heading_ = end.heading;
}

PathPoint Path::at(double distance) const {
    auto piece = pieces_.rbegin();
    while (piece + 1 != pieces_.rend() && piece->begin > distance) {
        ++piece;
    }
    const double d = distance - piece->begin;
    if (piece->curvature == 0) {
        return {piece->from + d * direction(piece->heading), piece->heading, 0};
    }
    const double turned = piece->curvature * d;
    const double radius = 1 / piece->curvature;
    const Vector2d left(-std::sin(piece->heading), std::cos(piece->heading));
    return {piece->from + radius * (std::sin(turned) * direction(piece->heading) +
                                    (1 - std::cos(turned)) * left),
            piece->heading + turned, std::abs(radius)};
}

void Path::extend_to(double distance) {
    while (reach_ < distance) {
        drive_to_crossing();
    }
}

void Path::forget_before(double distance) {
    while (pieces_.size() > 1 && pieces_[1].begin < distance) {
        pieces_.pop_front();
    }
    while (!stops_.empty() && stops_.front().distance < distance) {
        stops_.pop_front();
    }
}

const Path::StopLine* Path::next_stop(double distance) const {
    for (const StopLine& stop : stops_) {
        if (stop.distance >= distance) {
            return &stop;
        }
    }
    return nullptr;
}

/// To the next crossing, and over it or round its corner.
void Path::drive_to_crossing() {
    const int across = 1 - street_.along;
    const double here = street_.along == 0 ? head_.x() : head_.y();
    int index = map_->index_below(across, here + 0.01);
    index += forward_ > 0 ? 1 : 0;
    Street other{across, index};
    StreetKind kind = map_->kind(other);
    if ((map_->line(other) - here) * forward_ - kind.curb() < stop_before_crossing) {
        // Too near to stop, or upon it already: straight over.
        add(std::max(1.0, (map_->line(other) - here) * forward_ + kind.curb()), 0);
        return;
    }
    const double entry = (map_->line(other) - here) * forward_ - kind.curb();
    const int i = street_.along == 0 ? index : street_.index;
    const int j = street_.along == 0 ? street_.index : index;
    const double begin = reach_;
    const StreetKind own = map_->kind(street_);
    const float draw = hash_unit(seed_, turns_++, 5);
    const bool right = may_turn_ && draw < 0.25F && lane_ + 1 == own.lanes;
    const bool left = may_turn_ && !right && draw > 0.75F && lane_ == 0;
    const auto add_stop = [&](double after) {  // metres from the path's end to the far curb
        stops_.push_back({begin + entry - stop_before_crossing,
                          reach_ + after + stop_before_crossing, i, j, street_.along});
    };
    if (!right && !left) {
        add(entry + 2 * kind.curb(), 0);
        add_stop(0);
        return;
    }
    const int lane = right ? kind.lanes - 1 : 0;
    // The new direction: right of +x is -y, left of it +y; the other way round for streets along y.
    const int turn = right ? -1 : 1;
    const int forward = street_.along == 0 ? forward_ * turn : -forward_ * turn;
    const double target = offset_of(kind, lane, rim_);
    // Distance from here to the line of the new lane, measured along the old one: right turns end
    // before the other street's middle, left turns beyond it.
    const double to_lane = entry + kind.curb() - (right ? target : -target);
    const double radius =
        right ? right_radius(own.curb() - offset_of(own, lane_, rim_), kind.curb() - target)
              : kind.curb() + target - 1.0;
    add(to_lane - radius, 0);
    add(radius * pi / 2, turn / radius);
    add_stop(own.curb() + (right ? -1 : 1) * offset_of(own, lane_, rim_) - radius);
    street_ = other;
    forward_ = forward;
    lane_ = lane;
}

}  // namespace distillar::simulation
