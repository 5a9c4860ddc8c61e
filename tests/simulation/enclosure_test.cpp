#include "simulation/streets/enclosure.hpp"

#include <gtest/gtest.h>

#include "simulation/rendering/appearance.hpp"
#include "simulation/rendering/scene.hpp"

namespace distillar::simulation {
namespace {

using Eigen::Vector3f;

constexpr std::array kinds{FenceKind::wire_mesh, FenceKind::pickets, FenceKind::railing,
                           FenceKind::boards};
const Vector3f from(1, 2, 0), to(13, 5, 0.8F);

Mesh fence(FenceKind kind, std::uint32_t seed = 3) {
    Mesh mesh;
    add_fence(mesh, from, to, 1.2F, kind, seed);
    return mesh;
}

void expect_sound(const Mesh& mesh, Category category, float height) {
    ASSERT_FALSE(mesh.triangles.empty());
    for (const Vertex& vertex : mesh.vertices) {
        ASSERT_TRUE(vertex.position.allFinite());
        ASSERT_NEAR(vertex.normal.norm(), 1, 1e-4F);
    }
    for (const auto& [a, b, c] : mesh.triangles) {
        const Vector3f& at = mesh.vertices[a].position;
        const Vector3f face =
            (mesh.vertices[b].position - at).cross(mesh.vertices[c].position - at);
        EXPECT_GT(face.dot(mesh.vertices[a].normal), 0);
    }
    for (const Surface& surface : mesh.surfaces) {
        EXPECT_EQ(surface.category, category);
    }
    EXPECT_NEAR(mesh.bounds().max().z(), to.z() + height, 0.2F);
    EXPECT_LT(mesh.bounds().min().z(), from.z() + 0.05F);
}

/// Share of level rays across the middle of the course that meet something.
float closed_share(const Mesh& mesh) {
    const auto shape = std::make_shared<Shape>(mesh);
    const Scene scene({Placement{shape}});
    const Vector3f along = to - from;
    const Vector3f side = Vector3f(along.y(), -along.x(), 0).normalized();
    int met = 0;
    constexpr int rays = 2000;
    for (int i = 0; i < rays; ++i) {
        const float share = 0.02F + 0.96F * static_cast<float>(i) / rays;
        const Vector3f target = from + share * along + Vector3f(0, 0, 0.6F);
        met += scene.trace({target + 5 * side, -side, 0, 0.05F, 10}).has_value() ? 1 : 0;
    }
    return static_cast<float>(met) / rays;
}

TEST(Enclosure, WallsAreSound) {
    for (std::uint32_t seed = 0; seed < 30; ++seed) {
        Mesh mesh;
        add_wall(mesh, from, to, 1.5F, seed);
        expect_sound(mesh, Category::wall, 1.5F);
        EXPECT_EQ(closed_share(mesh), 1);
    }
}

TEST(Enclosure, FencesAreSound) {
    for (const FenceKind kind : kinds) {
        for (std::uint32_t seed = 0; seed < 10; ++seed) {
            expect_sound(fence(kind, seed), Category::fence, 1.2F);
        }
    }
}

TEST(Enclosure, RaysPassBetweenBars) {
    EXPECT_GT(closed_share(fence(FenceKind::pickets)), 0.4F);
    EXPECT_LT(closed_share(fence(FenceKind::pickets)), 0.8F);
    EXPECT_GT(closed_share(fence(FenceKind::railing)), 0.1F);
    EXPECT_LT(closed_share(fence(FenceKind::railing)), 0.4F);
    EXPECT_GT(closed_share(fence(FenceKind::boards)), 0.95F);
}

TEST(Enclosure, WireLetsPulsesThrough) {
    Hit hit;
    hit.surface = {Material::wire_mesh, Category::fence, 0};
    hit.uv.setZero();
    hit.local.setZero();
    EXPECT_GT(facade_appearance(hit, 0.01F).transmission, 0.7F);
}

TEST(Enclosure, IsTheSameEveryTime) {
    for (const FenceKind kind : kinds) {
        const Mesh a = fence(kind), b = fence(kind);
        ASSERT_EQ(a.vertices.size(), b.vertices.size());
        for (std::size_t i = 0; i < a.vertices.size(); ++i) {
            EXPECT_EQ(a.vertices[i].position, b.vertices[i].position);
        }
    }
}

}  // namespace
}  // namespace distillar::simulation
