#include "simulation/shapes/outline.hpp"

#include <cmath>

namespace distillar::simulation {

using Eigen::Vector2f;
using Eigen::Vector3f;

namespace {

struct Line {
    Vector2f point, direction;
};

Line moved_edge(const Vector3f& from, const Vector3f& to, float distance) {
    const Vector2f direction = (to - from).head<2>().normalized();
    return {from.head<2>() + distance * Vector2f(direction.y(), -direction.x()), direction};
}

Vector2f crossing(const Line& a, const Line& b) {
    const auto cross = [](const Vector2f& p, const Vector2f& q) {
        return p.x() * q.y() - p.y() * q.x();
    };
    const float s = cross(b.point - a.point, b.direction) / cross(a.direction, b.direction);
    return a.point + s * a.direction;
}

Vector3f blended(const Outline& outline, float s, float t) {
    const Vector3f front = (1 - s) * outline[0] + s * outline[1];
    const Vector3f back = (1 - s) * outline[3] + s * outline[2];
    return (1 - t) * front + t * back;
}

}  // namespace

Outline at_height(Outline outline, float z) {
    for (Vector3f& corner : outline) {
        corner.z() = z;
    }
    return outline;
}

Outline offset(const Outline& outline, const std::array<float, 4>& distances) {
    std::array<Line, 4> lines;
    for (std::size_t i = 0; i < 4; ++i) {
        lines[i] = moved_edge(outline[i], outline[(i + 1) % 4], distances[i]);
    }
    Outline moved = outline;
    for (std::size_t i = 0; i < 4; ++i) {
        moved[i].head<2>() = crossing(lines[(i + 3) % 4], lines[i]);
    }
    return moved;
}

Outline offset(const Outline& outline, float distance) {
    return offset(outline, {distance, distance, distance, distance});
}

Outline part(const Outline& outline, const Share& s, const Share& t) {
    return {blended(outline, s.begin, t.begin), blended(outline, s.end, t.begin),
            blended(outline, s.end, t.end), blended(outline, s.begin, t.end)};
}

float width_of(const Outline& outline) {
    return ((outline[1] - outline[0]).head<2>().norm() +
            (outline[2] - outline[3]).head<2>().norm()) /
           2;
}

float depth_of(const Outline& outline) {
    return ((outline[3] - outline[0]).head<2>().norm() +
            (outline[2] - outline[1]).head<2>().norm()) /
           2;
}

}  // namespace distillar::simulation
