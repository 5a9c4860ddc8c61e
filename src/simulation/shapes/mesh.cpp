#include "simulation/shapes/mesh.hpp"

#include <cmath>
#include <numbers>

namespace distillar::simulation {

using Eigen::Vector2f;
using Eigen::Vector3f;

namespace {

constexpr float two_pi = 2 * std::numbers::pi_v<float>;

/// Two unit vectors that make a right-handed frame with `axis`.
std::array<Vector3f, 2> across(const Vector3f& axis) {
    const Vector3f helper = std::abs(axis.z()) < 0.9F ? Vector3f(0, 0, 1) : Vector3f(1, 0, 0);
    const Vector3f first = helper.cross(axis).normalized();
    return {first, axis.cross(first)};
}

struct Ring {
    Vector3f centre;
    float radius;
    float v;  ///< texture, metres along the axis
};

void add_disc(Mesh& mesh, const Ring& ring, const std::array<Vector3f, 2>& frame,
              const Vector3f& normal, int sides, const Surface& surface) {
    const bool flipped = frame[0].cross(frame[1]).dot(normal) < 0;
    const auto centre = mesh.add_vertex({ring.centre, normal, Vector2f::Zero()});
    for (int side = 0; side < sides; ++side) {
        const float angle = two_pi * static_cast<float>(side) / static_cast<float>(sides);
        const Vector3f out = std::cos(angle) * frame[0] + std::sin(angle) * frame[1];
        mesh.add_vertex({ring.centre + ring.radius * out, normal,
                         ring.radius * Vector2f(std::cos(angle), std::sin(angle))});
    }
    for (int side = 0; side < sides; ++side) {
        const auto a = centre + 1 + static_cast<std::uint32_t>(side);
        const auto b = centre + 1 + static_cast<std::uint32_t>((side + 1) % sides);
        flipped ? mesh.add_triangle(centre, b, a, surface)
                : mesh.add_triangle(centre, a, b, surface);
    }
}

}  // namespace

std::uint32_t Mesh::add_vertex(const Vertex& vertex) {
    vertices.push_back(vertex);
    return static_cast<std::uint32_t>(vertices.size() - 1);
}

void Mesh::add_triangle(std::uint32_t a, std::uint32_t b, std::uint32_t c, const Surface& surface) {
    triangles.push_back({a, b, c});
    surfaces.push_back(surface);
}

Eigen::AlignedBox3f Mesh::bounds() const {
    Eigen::AlignedBox3f box;
    for (const Vertex& vertex : vertices) {
        box.extend(vertex.position);
    }
    return box;
}

void add_quad(Mesh& mesh, const std::array<Vector3f, 4>& corners, const Surface& surface,
              const Vector2f& uv_size) {
    const Vector3f along = corners[1] - corners[0];
    const Vector3f up = corners[3] - corners[0];
    const Vector3f normal = (corners[2] - corners[0]).cross(corners[3] - corners[1]).normalized();
    const Vector2f size = uv_size.isZero() ? Vector2f(along.norm(), up.norm()) : uv_size;
    const auto first = mesh.add_vertex({corners[0], normal, Vector2f(0, 0)});
    mesh.add_vertex({corners[1], normal, Vector2f(size.x(), 0)});
    mesh.add_vertex({corners[2], normal, size});
    mesh.add_vertex({corners[3], normal, Vector2f(0, size.y())});
    mesh.add_triangle(first, first + 1, first + 2, surface);
    mesh.add_triangle(first, first + 2, first + 3, surface);
}

void add_box(Mesh& mesh, const Vector3f& centre, const Vector3f& size, const Surface& surface,
             const Eigen::Matrix3f& rotation) {
    const auto corner = [&](float x, float y, float z) -> Vector3f {
        return centre + rotation * (0.5F * size.cwiseProduct(Vector3f(x, y, z)));
    };
    const auto a = corner(-1, -1, -1), b = corner(1, -1, -1), c = corner(1, 1, -1),
               d = corner(-1, 1, -1), e = corner(-1, -1, 1), f = corner(1, -1, 1),
               g = corner(1, 1, 1), h = corner(-1, 1, 1);
    add_quad(mesh, {a, b, f, e}, surface);
    add_quad(mesh, {b, c, g, f}, surface);
    add_quad(mesh, {c, d, h, g}, surface);
    add_quad(mesh, {d, a, e, h}, surface);
    add_quad(mesh, {e, f, g, h}, surface);
    add_quad(mesh, {b, a, d, c}, surface);
}

void add_cylinder(Mesh& mesh, const Vector3f& foot, const Vector3f& tip, float foot_radius,
                  float tip_radius, int sides, const Surface& surface, bool caps) {
    const Vector3f axis = (tip - foot).normalized();
    const float length = (tip - foot).norm();
    const auto frame = across(axis);
    const float slope = (foot_radius - tip_radius) / length;
    const auto first = static_cast<std::uint32_t>(mesh.vertices.size());
    for (int side = 0; side <= sides; ++side) {
        const float angle = two_pi * static_cast<float>(side) / static_cast<float>(sides);
        const Vector3f out = std::cos(angle) * frame[0] + std::sin(angle) * frame[1];
        const Vector3f normal = (out + slope * axis).normalized();
        const float u = angle * foot_radius;
        mesh.add_vertex({foot + foot_radius * out, normal, Vector2f(u, 0)});
        mesh.add_vertex({tip + tip_radius * out, normal, Vector2f(u, length)});
    }
    for (std::uint32_t side = 0; side < static_cast<std::uint32_t>(sides); ++side) {
        const auto a = first + 2 * side;
        mesh.add_triangle(a, a + 2, a + 3, surface);
        mesh.add_triangle(a, a + 3, a + 1, surface);
    }
    if (caps) {
        add_disc(mesh, {foot, foot_radius, 0}, frame, -axis, sides, surface);
        add_disc(mesh, {tip, tip_radius, length}, frame, axis, sides, surface);
    }
}

void add_ellipsoid(Mesh& mesh, const Vector3f& centre, const Vector3f& radii, int sides,
                   const Surface& surface, const Eigen::Matrix3f& rotation) {
    const int rows = std::max(3, sides / 2);
    const auto first = static_cast<std::uint32_t>(mesh.vertices.size());
    for (int row = 0; row <= rows; ++row) {
        const float latitude =
            two_pi / 2 * (static_cast<float>(row) / static_cast<float>(rows) - 0.5F);
        for (int side = 0; side <= sides; ++side) {
            const float angle = two_pi * static_cast<float>(side) / static_cast<float>(sides);
            const Vector3f out(std::cos(latitude) * std::cos(angle),
                               std::cos(latitude) * std::sin(angle), std::sin(latitude));
            mesh.add_vertex({centre + rotation * radii.cwiseProduct(out),
                             (rotation * out.cwiseQuotient(radii)).normalized(),
                             Vector2f(angle * radii.x(), latitude * radii.z())});
        }
    }
    const auto stride = static_cast<std::uint32_t>(sides + 1);
    for (std::uint32_t row = 0; row < static_cast<std::uint32_t>(rows); ++row) {
        for (std::uint32_t side = 0; side < static_cast<std::uint32_t>(sides); ++side) {
            const auto a = first + row * stride + side;
            if (row > 0) {
                mesh.add_triangle(a, a + 1, a + stride + 1, surface);
            }
            if (row + 1 < static_cast<std::uint32_t>(rows)) {
                mesh.add_triangle(a, a + stride + 1, a + stride, surface);
            }
        }
    }
}

void append(Mesh& mesh, const Mesh& part, const Eigen::Isometry3f& pose, float scale) {
    const auto first = static_cast<std::uint32_t>(mesh.vertices.size());
    for (const Vertex& vertex : part.vertices) {
        mesh.add_vertex(
            {pose * (scale * vertex.position), pose.linear() * vertex.normal, scale * vertex.uv});
    }
    for (std::size_t i = 0; i < part.triangles.size(); ++i) {
        const auto& [a, b, c] = part.triangles[i];
        mesh.add_triangle(first + a, first + b, first + c, part.surfaces[i]);
    }
}

}  // namespace distillar::simulation
