#include "simulation/objects/furniture_parts.hpp"

#include <cmath>

namespace distillar::simulation {
namespace {

using Eigen::Vector2f;
using Eigen::Vector3f;

void add_fan(Mesh& mesh, const std::vector<Vertex>& rim, const Vertex& middle,
             const Surface& surface) {
    const std::uint32_t centre = mesh.add_vertex(middle);
    for (const Vertex& vertex : rim) mesh.add_vertex(vertex);
    const auto count = static_cast<std::uint32_t>(rim.size());
    for (std::uint32_t i = 0; i < count; ++i) {
        mesh.add_triangle(centre, centre + 1 + i, centre + 1 + (i + 1) % count, surface);
    }
}

/// @param side  -1 looks towards -x, 1 towards +x
void add_flat(Mesh& mesh, const Outline& outline, const Vector3f& centre, float side,
              const Surface& surface) {
    Eigen::AlignedBox2f box;
    for (const Vector2f& corner : outline) box.extend(corner);
    const auto vertex = [&](const Vector2f& at) -> Vertex {
        return {centre + Vector3f(0, side * at.x(), at.y()), Vector3f(side, 0, 0),
                (at - box.min()).cwiseQuotient(box.sizes())};
    };
    std::vector<Vertex> rim;
    for (const Vector2f& corner : outline) rim.push_back(vertex(corner));
    add_fan(mesh, rim, vertex(box.center()), surface);
}

void add_end(Mesh& mesh, const std::vector<Vector3f>& rim, const Vector3f& normal, bool flipped,
             const Surface& surface) {
    Vector3f middle = Vector3f::Zero();
    for (const Vector3f& at : rim) middle += at / static_cast<float>(rim.size());
    std::vector<Vertex> corners;
    for (const Vector3f& at : rim) corners.push_back({at, normal, Vector2f::Zero()});
    if (flipped) corners = {corners.rbegin(), corners.rend()};
    add_fan(mesh, corners, {middle, normal, Vector2f::Zero()}, surface);
}

}  // namespace

Outline round_outline(float radius, int corners, float first_angle) {
    Outline outline;
    for (int i = 0; i < corners; ++i) {
        const float angle =
            first_angle + 6.2831853F * static_cast<float>(i) / static_cast<float>(corners);
        outline.emplace_back(radius * std::cos(angle), radius * std::sin(angle));
    }
    return outline;
}

Outline rectangle(float width, float height) {
    const float x = 0.5F * width;
    const float y = 0.5F * height;
    return {{-x, -y}, {x, -y}, {x, y}, {-x, y}};
}

void add_plate(Mesh& mesh, const Outline& outline, const Vector3f& centre, const Surface& surface) {
    add_flat(mesh, outline, centre, -1, surface);
}

void add_plate_back(Mesh& mesh, const Outline& outline, const Vector3f& centre,
                    const Surface& surface) {
    Outline mirrored;
    for (std::size_t i = outline.size(); i-- > 0;) {
        mirrored.emplace_back(-outline[i].x(), outline[i].y());
    }
    add_flat(mesh, mirrored, centre, 1, surface);
}

void add_profile(Mesh& mesh, const std::vector<Vector2f>& profile, const Vector3f& from,
                 const Vector3f& to, const Surface& surface, bool closed) {
    const Vector3f along = (to - from).normalized();
    const Vector3f left = Vector3f::UnitZ().cross(along).normalized();
    const Vector3f up = along.cross(left);
    const auto place = [&](const Vector3f& origin, const Vector2f& at) -> Vector3f {
        return origin + at.x() * left + at.y() * up;
    };
    const std::size_t edges = closed ? profile.size() : profile.size() - 1;
    std::vector<Vector3f> near, far;
    for (const Vector2f& at : profile) {
        near.push_back(place(from, at));
        far.push_back(place(to, at));
    }
    for (std::size_t i = 0; i < edges; ++i) {
        const std::size_t next = (i + 1) % profile.size();
        add_quad(mesh, {near[next], far[next], far[i], near[i]}, surface);
    }
    if (!closed) return;
    add_end(mesh, near, -along, true, surface);
    add_end(mesh, far, along, false, surface);
}

void add_pipe(Mesh& mesh, const std::vector<Vector3f>& points, float radius, int sides,
              const Surface& surface) {
    for (std::size_t i = 1; i < points.size(); ++i) {
        const Vector3f overlap = 0.3F * radius * (points[i] - points[i - 1]).normalized();
        add_cylinder(mesh, points[i - 1] - overlap, points[i] + overlap, radius, radius, sides,
                     surface, true);
    }
}

void add_post(Mesh& mesh, const Vector2f& at, float height, float foot_radius, float tip_radius,
              const Surface& surface) {
    add_cylinder(mesh, {at.x(), at.y(), 0}, {at.x(), at.y(), height}, foot_radius, tip_radius, 10,
                 surface, true);
}

}  // namespace distillar::simulation
