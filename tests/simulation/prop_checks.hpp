#pragma once
/// What every prop must keep: whole numbers of well-formed triangles that look outward.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <optional>

#include "simulation/shapes/mesh.hpp"

namespace distillar::testing {

inline Eigen::Vector3f face_area(const simulation::Mesh& mesh, std::size_t face) {
    const auto& [a, b, c] = mesh.triangles[face];
    const Eigen::Vector3f& origin = mesh.vertices[a].position;
    return (mesh.vertices[b].position - origin).cross(mesh.vertices[c].position - origin);
}

/// Finite, indices in range, unit normals that do not look away from their faces.
inline void expect_sound(const simulation::Mesh& mesh) {
    ASSERT_FALSE(mesh.triangles.empty());
    ASSERT_EQ(mesh.triangles.size(), mesh.surfaces.size());
    for (const simulation::Vertex& vertex : mesh.vertices) {
        ASSERT_TRUE(vertex.position.allFinite() && vertex.uv.allFinite());
        ASSERT_NEAR(vertex.normal.norm(), 1, 1e-3);
    }
    std::size_t away = 0;
    for (std::size_t face = 0; face < mesh.triangles.size(); ++face) {
        const Eigen::Vector3f area = face_area(mesh, face);
        for (const std::uint32_t corner : mesh.triangles[face]) {
            ASSERT_LT(corner, mesh.vertices.size());
            away += mesh.vertices[corner].normal.dot(area) < -1e-7F ? 1 : 0;
        }
    }
    EXPECT_EQ(away, 0u) << "corners whose normal looks away from their face";
}

struct FaceHit {
    float distance;
    bool from_outside;
};

/// The nearest triangle on a ray, by brute force.
inline std::optional<FaceHit> nearest_face(const simulation::Mesh& mesh,
                                           const Eigen::Vector3f& origin,
                                           const Eigen::Vector3f& direction) {
    std::optional<FaceHit> nearest;
    for (const auto& [a, b, c] : mesh.triangles) {
        const Eigen::Vector3f& at = mesh.vertices[a].position;
        const Eigen::Vector3f u = mesh.vertices[b].position - at;
        const Eigen::Vector3f v = mesh.vertices[c].position - at;
        const Eigen::Vector3f p = direction.cross(v);
        const float volume = u.dot(p);
        if (std::abs(volume) < 1e-12F) {
            continue;
        }
        const Eigen::Vector3f from = origin - at, q = from.cross(u);
        const float s = from.dot(p) / volume, t = direction.dot(q) / volume;
        const float distance = v.dot(q) / volume;
        if (s >= 0 && t >= 0 && s + t <= 1 && distance > 0 &&
            (!nearest || distance < nearest->distance)) {
            nearest = {distance, volume > 0};
        }
    }
    return nearest;
}

struct Watch {
    int rays = 0, hits = 0, outside = 0;
};

/// Looks from all sides, level, at the middle of the mesh at a height.
inline Watch watch(const simulation::Mesh& mesh, float height, int rays = 36) {
    const Eigen::Vector3f middle = mesh.bounds().center();
    Watch seen;
    for (int i = 0; i < rays; ++i) {
        const float angle = 2 * std::numbers::pi_v<float> * (static_cast<float>(i) + 0.37F) /
                            static_cast<float>(rays);
        const Eigen::Vector3f out(std::cos(angle), std::sin(angle), 0);
        const Eigen::Vector3f origin(middle.x() + 30 * out.x(), middle.y() + 30 * out.y(), height);
        const auto hit = nearest_face(mesh, origin, -out);
        ++seen.rays;
        seen.hits += hit ? 1 : 0;
        seen.outside += hit && hit->from_outside ? 1 : 0;
    }
    return seen;
}

inline bool same_mesh(const simulation::Mesh& a, const simulation::Mesh& b) {
    if (a.vertices.size() != b.vertices.size() || a.triangles != b.triangles) {
        return false;
    }
    for (std::size_t i = 0; i < a.vertices.size(); ++i) {
        if (a.vertices[i].position != b.vertices[i].position ||
            a.vertices[i].normal != b.vertices[i].normal) {
            return false;
        }
    }
    return true;
}

}  // namespace distillar::testing
