#include "simulation/streets/street_map.hpp"

#include <cmath>
#include <numbers>

#include "simulation/shapes/noise.hpp"

namespace distillar::simulation {

namespace {

constexpr double two_pi = 2 * std::numbers::pi;

std::uint32_t number(int value) {
    return static_cast<std::uint32_t>(value);
}

}  // namespace

StreetMap::StreetMap(const City& city, std::uint64_t seed)
    : seed_(static_cast<std::uint32_t>(seed ^ (seed >> 32))),
      spacing_(city.blocks.length.at(0.5)),
      jitter_((city.blocks.length.high - city.blocks.length.low) / 2),
      bend_(city.blocks.bend),
      relief_(city.blocks.relief),
      streets_(city.streets) {
    for (unsigned i = 0; i < 4; ++i) {
        phases_[i] = two_pi * hash_unit(seed_, i, 7);
    }
}

double StreetMap::line(int along, int index) const {
    return index * spacing_ + (hash_unit(seed_, number(along), number(index), 1) - 0.5) * jitter_;
}

StreetKind StreetMap::kind(const Street& street) const {
    const auto draw = [&](std::uint32_t what) -> double {
        return hash_unit(seed_ + 11, number(street.along), number(street.index), what);
    };
    StreetKind kind;
    kind.lane_width = streets_.lane_width;
    kind.lanes = draw(2) < streets_.avenue_share ? 2 : 1;
    kind.parking = draw(3) < streets_.parking_share ? 2.3 : 0;
    kind.sidewalk = streets_.sidewalk.at(draw(4)) + (kind.lanes > 1 ? 0.6 : 0);
    kind.verge = kind.sidewalk > 2.6 && draw(5) < streets_.verge_share;
    return kind;
}

bool StreetMap::has_signals(int i, int j) const {
    return hash_unit(seed_ + 13, number(i), number(j)) < streets_.signal_share;
}

int StreetMap::index_below(int along, double coordinate) const {
    int index = static_cast<int>(std::floor(coordinate / spacing_)) + 1;
    while (line(along, index) > coordinate) {
        --index;
    }
    return index;
}

Eigen::Vector2d StreetMap::point(const Street& street, double s, double c) const {
    const double middle = line(street);
    return street.along == 0 ? Eigen::Vector2d(s, middle + c) : Eigen::Vector2d(middle - c, s);
}

Eigen::Vector3d StreetMap::to_world(const Eigen::Vector2d& at) const {
    const double x = at.x(), y = at.y();
    const auto wave = [&](double value, double length, int phase) {
        return std::sin(two_pi * value / length + phases_[phase]);
    };
    const double height = wave(x + 0.4 * y, 460, 0) + 0.8 * wave(y - 0.3 * x, 390, 1) +
                          0.25 * wave(x - y, 170, 2) + 0.25 * wave(0.8 * x + y, 140, 3);
    return {x + bend_ * (wave(y, 520, 0) + 0.4 * wave(y, 230, 2)),
            y + bend_ * (wave(x, 470, 1) + 0.4 * wave(x, 210, 3)), relief_ / 2 * height};
}

geometry::Pose StreetMap::frame(const Eigen::Vector2d& at, double heading, bool upright) const {
    constexpr double step = 0.5;
    const Eigen::Vector2d forward(std::cos(heading), std::sin(heading));
    const Eigen::Vector2d left(-forward.y(), forward.x());
    Eigen::Vector3d x = to_world(at + step * forward) - to_world(at - step * forward);
    const Eigen::Vector3d across = to_world(at + step * left) - to_world(at - step * left);
    Eigen::Vector3d z =
        upright ? Eigen::Vector3d(0, 0, 1) : Eigen::Vector3d(x.cross(across).normalized());
    x = (x - x.dot(z) * z).normalized();
    geometry::Pose pose = geometry::Pose::Identity();
    pose.linear() << x, z.cross(x), z;
    pose.translation() = to_world(at);
    return pose;
}

}  // namespace distillar::simulation
