#include "simulation/plants/plants.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "simulation/rendering/appearance.hpp"
#include "simulation/rendering/scene.hpp"

namespace distillar::simulation {
namespace {

constexpr std::uint32_t variants = 6;

struct Size {
    float low, high, width;
};

/// Metres: least and greatest height, greatest width.
Size size_of(PlantKind kind) {
    switch (kind) {
        case PlantKind::broadleaf:
        case PlantKind::bare:
            return {6, 14.5F, 15};
        case PlantKind::columnar:
            return {7.5F, 15.5F, 6};
        case PlantKind::conifer:
            return {6, 18, 9};
        case PlantKind::palm:
            return {6, 11, 7};
        case PlantKind::bush:
            break;
    }
    return {0.5F, 2.7F, 4};
}

template <typename Body>
void for_each_plant(const Body& body) {
    for (int kind = 0; kind < plant_kind_count; ++kind) {
        for (std::uint32_t variant = 0; variant < variants; ++variant) {
            SCOPED_TRACE(testing::Message() << "kind " << kind << ", variant " << variant);
            const auto which = static_cast<PlantKind>(kind);
            body(which, make_plant(which, variant), variant);
        }
    }
}

void expect_sound(const Mesh& mesh) {
    ASSERT_EQ(mesh.triangles.size(), mesh.surfaces.size());
    for (const Vertex& vertex : mesh.vertices) {
        ASSERT_TRUE(vertex.position.allFinite());
        ASSERT_NEAR(vertex.normal.norm(), 1, 1e-3F);
        ASSERT_TRUE(vertex.uv.allFinite());
    }
    for (const auto& corners : mesh.triangles) {
        for (const std::uint32_t corner : corners) ASSERT_LT(corner, mesh.vertices.size());
    }
}

TEST(Plants, AreOfRealSizeAndStandOnTheGround) {
    for_each_plant([](PlantKind kind, const Mesh& mesh, std::uint32_t) {
        const Size size = size_of(kind);
        const Eigen::AlignedBox3f box = mesh.bounds();
        EXPECT_GE(box.max().z(), size.low);
        EXPECT_LE(box.max().z(), size.high);
        EXPECT_LE(box.sizes().head<2>().maxCoeff(), size.width);
        EXPECT_GE(box.min().z(), -0.1F);
        EXPECT_LE(box.min().z(), 0.05F);
    });
}

TEST(Plants, AreSoundMeshesOfTrunkAndVegetation) {
    for_each_plant([](PlantKind kind, const Mesh& mesh, std::uint32_t) {
        expect_sound(mesh);
        EXPECT_LT(mesh.triangles.size(), 60000U);
        std::set<Category> categories;
        for (const Surface& surface : mesh.surfaces) categories.insert(surface.category);
        std::set<Category> expected = {Category::vegetation};
        if (kind != PlantKind::bush) expected.insert(Category::trunk);
        EXPECT_EQ(categories, expected);
    });
}

TEST(Plants, AreTheSameEveryTimeAndDifferBetweenVariants) {
    std::set<float> heights;
    for_each_plant([&](PlantKind kind, const Mesh& mesh, std::uint32_t variant) {
        const Mesh again = make_plant(kind, variant);
        ASSERT_EQ(mesh.vertices.size(), again.vertices.size());
        for (std::size_t i = 0; i < mesh.vertices.size(); ++i) {
            ASSERT_EQ(mesh.vertices[i].position, again.vertices[i].position);
        }
        heights.insert(mesh.bounds().max().z());
    });
    EXPECT_EQ(heights.size(), variants * plant_kind_count);
}

/// The ellipsoid that spans the leaves' bounds.
struct Ellipsoid {
    Eigen::Vector3f centre, radii;
};

Ellipsoid crown_of(const Mesh& mesh) {
    Eigen::AlignedBox3f box;
    for (std::size_t i = 0; i < mesh.triangles.size(); ++i) {
        if (mesh.surfaces[i].material == Material::bark) continue;
        for (const std::uint32_t corner : mesh.triangles[i]) {
            box.extend(mesh.vertices[corner].position);
        }
    }
    return {box.center(), 0.5F * box.sizes()};
}

struct Rays {
    double passed = 0;  ///< share
    double deep = 0;    ///< share of returns more than a metre behind the ellipsoid's face
};

/// Level rays from four sides over the ellipsoid's outline.
Rays cast(const Mesh& mesh) {
    const Ellipsoid crown = crown_of(mesh);
    Placement placement;
    placement.shape = std::make_shared<const Shape>(mesh);
    const Scene scene({placement});
    int sent = 0, met = 0, deep = 0;
    for (const float sign : {-1.0F, 1.0F}) {
        for (const int axis : {0, 1}) {
            for (int i = 0; i < 2500; ++i) {
                const float across = (static_cast<float>(i % 50) + 0.5F) / 25 - 1;
                const float up = (static_cast<float>(i) / 50 + 0.01F) / 25 - 1;
                const float rest = 1 - across * across - up * up;
                if (rest <= 0) continue;
                Eigen::Vector3f direction = Eigen::Vector3f::Zero();
                direction[axis] = sign;
                Eigen::Vector3f at = crown.centre + up * crown.radii.z() * Eigen::Vector3f::UnitZ();
                at[1 - axis] += across * crown.radii[1 - axis];
                const float face = 30 - std::sqrt(rest) * crown.radii[axis];
                const auto hit = scene.trace({at - 30 * direction, direction});
                ++sent;
                if (!hit) continue;
                ++met;
                if (hit->distance > face + 1) ++deep;
            }
        }
    }
    return {1 - static_cast<double>(met) / sent, static_cast<double>(deep) / std::max(1, met)};
}

TEST(Plants, CrownsLetLidarThroughAndReturnItInDepth) {
    for (const auto kind : {PlantKind::broadleaf, PlantKind::columnar, PlantKind::conifer}) {
        for (std::uint32_t variant = 0; variant < variants; ++variant) {
            SCOPED_TRACE(testing::Message() << static_cast<int>(kind) << ", " << variant);
            const Rays rays = cast(make_plant(kind, variant));
            EXPECT_GE(rays.passed, 0.1);
            EXPECT_LE(rays.passed, 0.6);
            EXPECT_GE(rays.deep, kind == PlantKind::columnar ? 0.05 : 0.15);
        }
    }
}

TEST(Plants, HedgesFillTheirBox) {
    Mesh mesh;
    add_hedge(mesh, {1, 2, 0}, {6, 2, 0}, 1.4F, 0.7F, 3);
    expect_sound(mesh);
    const Eigen::AlignedBox3f box = mesh.bounds();
    EXPECT_NEAR(box.min().x(), 1, 0.25F);
    EXPECT_NEAR(box.max().x(), 6, 0.25F);
    EXPECT_NEAR(box.max().z(), 1.4F, 0.25F);
    EXPECT_NEAR(box.sizes().y(), 0.7F, 0.5F);
    for (const Surface& surface : mesh.surfaces) {
        EXPECT_EQ(surface.category, Category::vegetation);
    }
}

TEST(Plants, LeavesAreDullGreenAndBrightInTheNearInfrared) {
    Hit hit;
    hit.surface = {Material::leaves, Category::vegetation, 0};
    for (std::uint32_t paint = 0; paint < 50; ++paint) {
        hit.paint = paint;
        hit.local = Eigen::Vector3f::Constant(0.37F * static_cast<float>(paint));
        hit.position = hit.local;
        hit.uv = {0.8F, 0.5F};
        const Appearance look = roadside_appearance(hit, 0.02F);
        EXPECT_GT(look.albedo.y(), look.albedo.x());
        EXPECT_GT(look.albedo.x(), look.albedo.z());
        EXPECT_LT(look.albedo.y(), 0.3F);
        EXPECT_NEAR(look.reflectivity, 0.45F, 0.1F);
    }
}

}  // namespace
}  // namespace distillar::simulation
