#include "simulation/buildings/building.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "simulation/buildings/facade.hpp"
#include "simulation/rendering/appearance.hpp"
#include "simulation/rendering/scene.hpp"
#include "simulation/shapes/noise.hpp"

namespace distillar::simulation {
namespace {

using Eigen::Vector2f;
using Eigen::Vector3f;

BuildingSite site_of(std::uint32_t seed) {
    const float width = 9 + 45 * hash_unit(seed, 1), depth = 8 + 15 * hash_unit(seed, 2);
    const float lean = hash_unit(seed, 3), slope = 0.8F * hash_unit(seed, 4);
    return {{Vector3f(0, 0, 0.1F), Vector3f(width, 0.5F * lean, 0.3F),
             Vector3f(width - lean, depth, slope), Vector3f(0.5F * lean, depth - lean, -slope)}};
}

std::vector<BuildingStyle> styles() {
    BuildingStyle town, modern, houses, strip;
    modern.modern_share = 1;
    modern.floors_min = 5;
    modern.floors_max = 30;
    houses.house_share = 1;
    houses.floors_min = 1;
    houses.floors_max = 2;
    houses.wood_share = 0.5F;
    strip.strip_share = 1;
    return {town, modern, houses, strip};
}

template <typename Check>
void for_each_building(int seeds, const Check& check) {
    for (const BuildingStyle& style : styles()) {
        for (std::uint32_t seed = 0; seed < static_cast<std::uint32_t>(seeds); ++seed) {
            Mesh mesh;
            const BuildingSite site = site_of(seed);
            add_building(mesh, site, style, seed);
            SCOPED_TRACE(testing::Message() << "seed " << seed << " houses " << style.house_share
                                            << " modern " << style.modern_share);
            check(mesh, site, style);
        }
    }
}

/// Metres that a point lies outside the site, seen from above.
float outside(const BuildingSite& site, const Vector3f& point) {
    float most = -1e9F;
    for (std::size_t i = 0; i < 4; ++i) {
        const Vector2f edge = (site.corners[(i + 1) % 4] - site.corners[i]).head<2>().normalized();
        const Vector2f outward(edge.y(), -edge.x());
        most = std::max(most, outward.dot((point - site.corners[i]).head<2>()));
    }
    return most;
}

TEST(Building, StaysOnItsSiteAndWithinItsBudget) {
    for_each_building(40, [](const Mesh& mesh, const BuildingSite& site, const BuildingStyle&) {
        EXPECT_GT(mesh.triangles.size(), 20U);
        EXPECT_LE(mesh.triangles.size(), 3000U);
        ASSERT_EQ(mesh.surfaces.size(), mesh.triangles.size());
        for (const Vertex& vertex : mesh.vertices) {
            EXPECT_LT(outside(site, vertex.position), 1.6F);
        }
    });
}

TEST(Building, IsFiniteWithUnitNormalsAlongItsTriangles) {
    for_each_building(20, [](const Mesh& mesh, const BuildingSite&, const BuildingStyle&) {
        for (const Vertex& vertex : mesh.vertices) {
            ASSERT_TRUE(vertex.position.allFinite());
            ASSERT_TRUE(vertex.uv.allFinite());
            ASSERT_NEAR(vertex.normal.norm(), 1, 1e-4F);
        }
        for (const auto& [a, b, c] : mesh.triangles) {
            const Vector3f& at = mesh.vertices[a].position;
            const Vector3f face =
                (mesh.vertices[b].position - at).cross(mesh.vertices[c].position - at);
            EXPECT_GT(face.dot(mesh.vertices[a].normal), 0);
        }
    });
}

TEST(Building, HasTheFloorsAskedFor) {
    for_each_building(40, [](const Mesh& mesh, const BuildingSite&, const BuildingStyle& style) {
        const float top = mesh.bounds().max().z();
        const float low = style.house_share > 0 || style.strip_share > 0 ? 1 : style.floors_min;
        EXPECT_GT(top, 2.4F * low);
        EXPECT_LT(top, 5.5F + 4.2F * style.floors_max + 9);  // and a roof with a chimney
    });
}

TEST(Building, ReachesBelowTheLowestCorner) {
    for_each_building(10, [](const Mesh& mesh, const BuildingSite& site, const BuildingStyle&) {
        float lowest = 1e9F;
        for (const Vector3f& corner : site.corners) {
            lowest = std::min(lowest, corner.z());
        }
        EXPECT_NEAR(mesh.bounds().min().z(), lowest - 1, 0.01F);
    });
}

TEST(Building, IsBuildingThroughout) {
    for_each_building(10, [](const Mesh& mesh, const BuildingSite&, const BuildingStyle&) {
        for (const Surface& surface : mesh.surfaces) {
            EXPECT_EQ(surface.category, Category::building);
        }
    });
}

TEST(Building, IsTheSameEveryTimeAndDiffersBetweenSeeds) {
    const BuildingStyle style;
    Mesh a, b, c;
    add_building(a, site_of(1), style, 5);
    add_building(b, site_of(1), style, 5);
    add_building(c, site_of(1), style, 6);
    ASSERT_EQ(a.vertices.size(), b.vertices.size());
    for (std::size_t i = 0; i < a.vertices.size(); ++i) {
        EXPECT_EQ(a.vertices[i].position, b.vertices[i].position);
    }
    EXPECT_TRUE(c.vertices.size() != a.vertices.size() ||
                c.surfaces[0].style != a.surfaces[0].style);
}

/// Level rays from outside towards every corner, at head height: the wall is there, no further
/// in than its windows and doors are deep; house and garage may stand behind each other.
TEST(Building, StandsAtEveryCorner) {
    for_each_building(15, [](Mesh& mesh, const BuildingSite& site, const BuildingStyle& style) {
        const auto shape = std::make_shared<Shape>(mesh);
        const Scene scene({Placement{shape}});
        const std::size_t corners = style.house_share > 0 ? 2 : 4;
        for (std::size_t i = 0; i < corners; ++i) {
            const Vector3f middle = (site.corners[0] + site.corners[2]) / 2;
            Vector3f inside = site.corners[i] + 0.12F * (middle - site.corners[i]);
            inside.z() = site.corners[0].z() + 1.5F;
            const Vector3f& from = site.corners[i];
            for (const std::size_t other : {(i + 1) % 4, (i + 3) % 4}) {
                Vector3f towards = from - site.corners[other];
                towards.z() = 0;
                towards.normalize();
                const auto hit = scene.trace({inside + 30 * towards, -towards});
                ASSERT_TRUE(hit.has_value());
                EXPECT_LT(outside(site, hit->position), 1.6F);
                EXPECT_GT(outside(site, hit->position), -4.0F);
            }
        }
    });
}

TEST(Facade, CodesArePackedWithoutLoss) {
    for (unsigned style = 0; style < 65536; style += 7) {
        EXPECT_EQ(pack(unpack_facade(static_cast<std::uint16_t>(style))), style);
    }
}

TEST(Facade, WindowsLieInTheirCells) {
    for (unsigned style = 0; style < 65536; ++style) {
        const FacadeLayout layout = layout_of(unpack_facade(static_cast<std::uint16_t>(style)));
        ASSERT_GT(layout.left, 0);
        ASSERT_LT(layout.left, layout.right);
        ASSERT_LT(layout.right, layout.bay);
        ASSERT_LT(layout.sill + 0.5F, layout.head);
        ASSERT_LT(layout.head, layout.floor_height);
        ASSERT_LT(layout.ground_sill + 0.5F, layout.ground_head);
        ASSERT_LT(layout.ground_head, layout.ground_height);
        ASSERT_LT(layout.shop_head, layout.ground_height);
        ASSERT_LT(layout.door_height, layout.ground_height);
    }
}

Hit wall_hit(Material material, unsigned style, float u, float v) {
    Hit hit;
    hit.normal = hit.face = Vector3f(0, -1, 0);
    hit.uv = Vector2f(u, v);
    hit.position = hit.local = Vector3f(u, 0, v);
    hit.surface = {material, Category::building, static_cast<std::uint16_t>(style)};
    return hit;
}

TEST(FacadeAppearance, IsPhysical) {
    for (int material = static_cast<int>(Material::facade);
         material <= static_cast<int>(Material::wire_mesh); ++material) {
        for (std::uint32_t i = 0; i < 3000; ++i) {
            const auto hit = wall_hit(static_cast<Material>(material), hash(i, 1) & 0xffffU,
                                      30 * hash_unit(i, 2), 20 * hash_unit(i, 3) - 1);
            const Appearance look = facade_appearance(hit, 2 * hash_unit(i, 4));
            ASSERT_TRUE((look.albedo.array() >= 0).all() && (look.albedo.array() <= 1).all());
            ASSERT_TRUE((look.emission.array() >= 0).all() && (look.emission.array() <= 1).all());
            ASSERT_TRUE(look.mirror >= 0 && look.mirror <= 1);
            ASSERT_TRUE(look.reflectivity > 0 && look.reflectivity <= 1);
            ASSERT_TRUE(look.transmission >= 0 && look.transmission <= 1);
        }
    }
}

TEST(FacadeAppearance, FarAwayIsTheMeanOfNearBy) {
    for (unsigned kind = 0; kind < 12; ++kind) {
        const FacadeCode code{static_cast<FacadeKind>(kind), FacadeZone::windows, 2, 9};
        const FacadeLayout layout = layout_of(code);
        Vector3f fine = Vector3f::Zero(), coarse = Vector3f::Zero();
        constexpr int samples = 40000;
        for (std::uint32_t i = 0; i < samples; ++i) {
            const float u = 24 * layout.bay * hash_unit(i, 1);
            const float v = layout.ground_height + 16 * layout.floor_height * hash_unit(i, 2);
            const Hit hit = wall_hit(Material::facade, pack(code), u, v);
            fine += facade_appearance(hit, 0.005F).albedo / samples;
            coarse += facade_appearance(hit, 4).albedo / samples;
        }
        EXPECT_NEAR(coarse.mean(), fine.mean(), 0.06F * fine.mean() + 0.002F) << "kind " << kind;
    }
}

TEST(FacadeAppearance, GlassLetsPulsesThrough) {
    const FacadeCode code{FacadeKind::plaster, FacadeZone::windows, 2, 9};
    const FacadeLayout layout = layout_of(code);
    const float u = layout.left + 0.3F * (layout.right - layout.left);
    const float v = layout.ground_height + layout.sill + 0.3F;
    const Appearance pane = facade_appearance(wall_hit(Material::facade, pack(code), u, v), 0.01F);
    const Appearance wall =
        facade_appearance(wall_hit(Material::facade, pack(code), 0.02F, v), 0.01F);
    EXPECT_GT(pane.transmission, 0.5F);
    EXPECT_LT(pane.reflectivity, 0.1F);
    EXPECT_GT(pane.mirror, 0.05F);
    EXPECT_EQ(wall.transmission, 0);
    EXPECT_GT(wall.reflectivity, 0.25F);
}

}  // namespace
}  // namespace distillar::simulation
