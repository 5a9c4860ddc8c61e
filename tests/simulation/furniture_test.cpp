#include "simulation/objects/furniture.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>

#include "simulation/rendering/appearance.hpp"
#include "simulation/streets/roadside_styles.hpp"

namespace distillar::simulation {
namespace {

struct Prop {
    std::string name;
    std::function<Mesh(std::uint32_t)> make;
    std::uint32_t variants;
    float low, high, reach;  ///< metres: height and greatest distance from the foot
    std::set<Category> categories;
};

Mesh light(std::uint32_t variant) {
    return make_traffic_light(variant, static_cast<int>(variant % 3));
}

std::vector<Prop> props() {
    return {
        {"light", make_street_light, 8, 3.5F, 10.5F, 3, {Category::pole}},
        {"pole", make_pole, 8, 2.4F, 11, 1.5F, {Category::pole}},
        {"sign", make_traffic_sign, 28, 2, 4, 1.5F, {Category::pole, Category::traffic_sign}},
        {"signal", light, 12, 2.9F, 7, 6.5F, {Category::pole, Category::traffic_light}},
        {"cone", make_cone, 6, 0.45F, 0.9F, 0.4F, {Category::traffic_cone}},
        {"barrier", make_barrier, 8, 0.6F, 1.2F, 1.6F, {Category::barrier}},
        {"thing",
         make_street_thing,
         3 * street_thing_count,
         0.5F,
         4.2F,
         2.6F,
         {Category::other_object, Category::other_structure, Category::pole, Category::vegetation}},
    };
}

template <typename Body>
void for_each_prop(const Body& body) {
    for (const Prop& prop : props()) {
        for (std::uint32_t variant = 0; variant < prop.variants; ++variant) {
            SCOPED_TRACE(prop.name + " " + std::to_string(variant));
            body(prop, prop.make(variant), variant);
        }
    }
}

Eigen::Vector3f face_of(const Mesh& mesh, std::size_t triangle) {
    const auto& [a, b, c] = mesh.triangles[triangle];
    const Eigen::Vector3f& at = mesh.vertices[a].position;
    return (mesh.vertices[b].position - at).cross(mesh.vertices[c].position - at);
}

TEST(Furniture, IsOfRealSizeAndStandsOnTheGround) {
    for_each_prop([](const Prop& prop, const Mesh& mesh, std::uint32_t) {
        const Eigen::AlignedBox3f box = mesh.bounds();
        EXPECT_GE(box.max().z(), prop.low);
        EXPECT_LE(box.max().z(), prop.high);
        EXPECT_NEAR(box.min().z(), 0, 0.06F);
        EXPECT_LE(box.max().head<2>().cwiseAbs().maxCoeff(), prop.reach);
        EXPECT_LE(box.min().head<2>().cwiseAbs().maxCoeff(), prop.reach);
    });
}

TEST(Furniture, HasUnitNormalsThatAgreeWithItsFaces) {
    for_each_prop([](const Prop&, const Mesh& mesh, std::uint32_t) {
        for (const Vertex& vertex : mesh.vertices) {
            ASSERT_TRUE(vertex.position.allFinite());
            ASSERT_NEAR(vertex.normal.norm(), 1, 1e-3F);
        }
        for (std::size_t i = 0; i < mesh.triangles.size(); ++i) {
            if (mesh.surfaces[i].category == Category::vegetation) continue;
            const Eigen::Vector3f face = face_of(mesh, i);
            if (face.norm() < 1e-7F) continue;
            for (const std::uint32_t corner : mesh.triangles[i]) {
                ASSERT_GT(face.normalized().dot(mesh.vertices[corner].normal), 0) << i;
            }
        }
    });
}

TEST(Furniture, HasItsCategories) {
    for_each_prop([](const Prop& prop, const Mesh& mesh, std::uint32_t) {
        for (const Surface& surface : mesh.surfaces) {
            ASSERT_TRUE(prop.categories.contains(surface.category)) << name_of(surface.category);
        }
    });
}

TEST(Furniture, IsTheSameEveryTime) {
    for_each_prop([](const Prop& prop, const Mesh& mesh, std::uint32_t variant) {
        const Mesh again = prop.make(variant);
        ASSERT_EQ(mesh.vertices.size(), again.vertices.size());
        for (std::size_t i = 0; i < mesh.vertices.size(); ++i) {
            ASSERT_EQ(mesh.vertices[i].position, again.vertices[i].position);
        }
    });
}

TEST(Furniture, SignsFaceTheDriverAndReadFromLeftToRight) {
    for (std::uint32_t variant = 0; variant < 28; ++variant) {
        const Mesh mesh = make_traffic_sign(variant);
        int faces = 0;
        for (std::size_t i = 0; i < mesh.triangles.size(); ++i) {
            const bool front = mesh.surfaces[i].material == Material::sign_face;
            if (!front && mesh.surfaces[i].material != Material::sign_back) continue;
            const Eigen::Vector3f face = face_of(mesh, i).normalized();
            EXPECT_NEAR(face.x(), front ? -1 : 1, 1e-3F);
            faces += front ? 1 : 0;
            for (const std::uint32_t first : mesh.triangles[i]) {
                for (const std::uint32_t second : mesh.triangles[i]) {
                    const Vertex &a = mesh.vertices[first], &b = mesh.vertices[second];
                    if (!front || a.position.y() <= b.position.y() + 0.01F) continue;
                    EXPECT_LT(a.uv.x(), b.uv.x());  // the driver's left is +y
                }
            }
        }
        EXPECT_GT(faces, 2);
    }
}

TEST(Furniture, EveryTrafficLightShowsItsStateToTheDriver) {
    for (std::uint32_t variant = 0; variant < 12; ++variant) {
        for (int state = 0; state < 3; ++state) {
            const Mesh mesh = make_traffic_light(variant, state);
            std::set<std::uint16_t> lit;
            for (std::size_t i = 0; i < mesh.triangles.size(); ++i) {
                const Surface& surface = mesh.surfaces[i];
                const bool to_driver = face_of(mesh, i).normalized().x() < -0.9F;
                const bool round = mesh.vertices[mesh.triangles[i][0]].position.x() < -0.1F;
                if (surface.material != Material::signal_lamp || !to_driver || !round) continue;
                if (surface.style < 3) lit.insert(surface.style);
            }
            EXPECT_EQ(lit, std::set<std::uint16_t>{static_cast<std::uint16_t>(state)});
        }
    }
}

TEST(Furniture, GuardRailsFollowTheirWay) {
    Mesh mesh;
    add_guard_rail(mesh, {0, 0, 0}, {0, 12, 0}, 1);
    const Eigen::AlignedBox3f box = mesh.bounds();
    EXPECT_NEAR(box.sizes().y(), 12, 0.1F);
    EXPECT_NEAR(box.max().z(), 0.76F, 0.05F);
    EXPECT_LT(box.min().x(), -0.15F);  // the beam is left of the way
    for (const Surface& surface : mesh.surfaces) EXPECT_EQ(surface.category, Category::fence);
}

Appearance look(Material material, std::uint16_t style, const Eigen::Vector2f& uv,
                float footprint = 0.003F) {
    Hit hit;
    hit.position = hit.local = Eigen::Vector3f(0.3F, 0.2F, 1.1F);
    hit.surface = {material, Category::traffic_sign, style};
    hit.uv = uv;
    return roadside_appearance(hit, footprint);
}

TEST(RoadsideAppearance, SignsAreRetroreflectiveAndPainted) {
    for (int sign = 0; sign < sign_count; ++sign) {
        std::set<float> greens;
        for (int i = 0; i < 400; ++i) {
            const Eigen::Vector2f uv(static_cast<float>(i % 20) / 20, static_cast<float>(i) / 400);
            const Appearance shown =
                look(Material::sign_face, static_cast<std::uint16_t>(sign), uv);
            EXPECT_GT(shown.reflectivity, 1);
            EXPECT_GE(shown.albedo.minCoeff(), 0);
            EXPECT_LE(shown.albedo.maxCoeff(), 1);
            greens.insert(shown.albedo.y());
        }
        EXPECT_GE(greens.size(), 2U) << "sign " << sign;
    }
    const auto stop = static_cast<std::uint16_t>(Sign::stop);
    const Appearance rim = look(Material::sign_face, stop, {0.5F, 0.85F});
    EXPECT_GT(rim.albedo.x(), 5 * rim.albedo.y());
}

TEST(RoadsideAppearance, OnlyLitLampsShine) {
    for (std::uint16_t style = 0; style < 6; ++style) {
        const Appearance lamp = look(Material::signal_lamp, style, {0.5F, 0.5F});
        EXPECT_EQ(lamp.emission.maxCoeff() > 0.5F, style < 3);
    }
}

TEST(RoadsideAppearance, PatternsFinerThanAPixelFade) {
    const auto stripes = static_cast<std::uint16_t>(Plastic::stripes);
    float least = 1, most = 0;
    for (int i = 0; i < 50; ++i) {
        const Eigen::Vector2f uv(0.013F * static_cast<float>(i), 0);
        const float green = look(Material::barrier_plastic, stripes, uv, 2).albedo.y();
        least = std::min(least, green);
        most = std::max(most, green);
    }
    EXPECT_LT(most - least, 0.06F);
}

}  // namespace
}  // namespace distillar::simulation
