#include <cmath>
#include <map>
#include <numbers>

#include "simulation/shapes/shell.hpp"

namespace distillar::simulation {

using Eigen::Vector3f;

namespace {

using Triangle = std::array<std::uint32_t, 3>;

/// Faces of welded points, without those that have no area.
struct Welded {
    std::vector<Vector3f> points;
    std::vector<Triangle> faces;
    std::vector<Surface> surfaces;
    std::vector<Vector3f> normals;                   ///< of faces
    std::vector<std::vector<std::uint32_t>> around;  ///< faces at each point
};

std::vector<std::uint32_t> weld(const std::vector<Vector3f>& points, std::vector<Vector3f>& kept) {
    std::map<std::array<long, 3>, std::uint32_t> known;
    std::vector<std::uint32_t> number;
    for (const Vector3f& point : points) {
        const Vector3f cell = point * 2e4F;
        const auto [at, made] =
            known.try_emplace({std::lround(cell.x()), std::lround(cell.y()), std::lround(cell.z())},
                              static_cast<std::uint32_t>(kept.size()));
        if (made) {
            kept.push_back(point);
        }
        number.push_back(at->second);
    }
    return number;
}

Welded weld(const Shell& shell) {
    Welded welded;
    const auto number = weld(shell.points, welded.points);
    welded.around.resize(welded.points.size());
    for (std::size_t i = 0; i < shell.faces.size(); ++i) {
        const auto& [a, b, c] = shell.faces[i];
        const Triangle face = {number[a], number[b], number[c]};
        const auto& points = welded.points;
        const Vector3f area =
            (points[face[1]] - points[face[0]]).cross(points[face[2]] - points[face[0]]);
        if (area.norm() < 1e-8F) {
            continue;
        }
        for (const std::uint32_t corner : face) {
            welded.around[corner].push_back(static_cast<std::uint32_t>(welded.faces.size()));
        }
        welded.faces.push_back(face);
        welded.surfaces.push_back(shell.surfaces[i]);
        welded.normals.push_back(area.normalized());
    }
    return welded;
}

float angle_at(const Welded& welded, std::uint32_t face, std::uint32_t corner) {
    const Triangle& at = welded.faces[face];
    const std::size_t i = at[0] == corner ? 0 : at[1] == corner ? 1 : 2;
    const Vector3f origin = welded.points[corner];
    const Vector3f first = (welded.points[at[(i + 1) % 3]] - origin).normalized();
    const Vector3f second = (welded.points[at[(i + 2) % 3]] - origin).normalized();
    return std::acos(std::clamp(first.dot(second), -1.0F, 1.0F));
}

/// Mean of the normals around the corner that bend less than the crease, weighted by angle.
Vector3f smooth_normal(const Welded& welded, std::uint32_t face, std::uint32_t corner,
                       float least_cosine) {
    const Vector3f own = welded.normals[face];
    Vector3f sum = Vector3f::Zero();
    for (const std::uint32_t other : welded.around[corner]) {
        if (welded.normals[other].dot(own) >= least_cosine) {
            sum += angle_at(welded, other, corner) * welded.normals[other];
        }
    }
    return sum.norm() > 1e-6F ? sum.normalized() : own;
}

}  // namespace

Mesh finish(const Shell& shell, float crease) {
    const Welded welded = weld(shell);
    const float least_cosine = std::cos(crease * std::numbers::pi_v<float> / 180);
    std::vector<std::vector<std::uint32_t>> made(welded.points.size());
    Mesh mesh;
    const auto vertex = [&](std::uint32_t face, std::uint32_t corner) {
        const Vector3f normal = smooth_normal(welded, face, corner, least_cosine);
        for (const std::uint32_t known : made[corner]) {
            if (mesh.vertices[known].normal.dot(normal) > 0.9999F) {
                return known;
            }
        }
        const Vector3f& position = welded.points[corner];
        made[corner].push_back(
            mesh.add_vertex({position, normal, Eigen::Vector2f(position.x(), position.z())}));
        return made[corner].back();
    };
    for (std::uint32_t face = 0; face < welded.faces.size(); ++face) {
        const auto [a, b, c] = welded.faces[face];
        const auto first = vertex(face, a), second = vertex(face, b), third = vertex(face, c);
        mesh.add_triangle(first, second, third, welded.surfaces[face]);
    }
    return mesh;
}

}  // namespace distillar::simulation
