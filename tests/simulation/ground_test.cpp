#include "simulation/streets/ground.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.hpp"
#include "road_checks.hpp"
#include "simulation/rendering/scene.hpp"

using namespace distillar;
using namespace distillar::simulation;
using Eigen::Vector2d;
using Eigen::Vector3d;

namespace {

/// The bare streets of 2 x 2 tiles.
struct Streets {
    StreetMap map;
    Vector3d origin;
    std::unique_ptr<Scene> scene;

    Streets(const std::string& city, std::uint64_t seed) : map(load_city(city), seed) {
        origin = map.to_world({map.line(1, 0), map.line(0, 0)}).array().round();
        std::vector<Placement> placements;
        for (const Tile tile : {Tile{0, 0}, Tile{1, 0}, Tile{0, 1}, Tile{1, 1}}) {
            Mesh mesh;
            Ground ground(map, origin, mesh);
            lay_streets(ground, map, tile);
            Placement placement;
            placement.shape = std::make_shared<const Shape>(std::move(mesh));
            placements.push_back(std::move(placement));
        }
        scene = std::make_unique<Scene>(std::move(placements));
    }

    std::optional<Hit> below(const Vector2d& at) const {
        Ray ray;
        ray.origin = (map.to_world(at) - origin + Vector3d(0, 0, 20)).cast<float>();
        ray.direction = {0, 0, -1};
        auto hit = scene->trace(ray);
        if (hit) {
            hit->distance = 20 - hit->distance;  // above the ground's formula
        }
        return hit;
    }

    /// Somewhere between the sidewalks' outer edges of the first tile's crossing and streets.
    Vector2d somewhere(base::Random& random) const {
        const Vector2d low(map.line(1, 0), map.line(0, 0)), high(map.line(1, 1), map.line(0, 1));
        for (;;) {
            const double x = random.uniform(low.x(), high.x());
            const Vector2d at(x, random.uniform(low.y(), high.y()));
            if (test::inside_block(map, at) < -0.01) {
                return at;
            }
        }
    }
};

}  // namespace

TEST(Ground, HasNoGaps) {
    for (const auto* city : {"a", "b", "c", "d"}) {
        const Streets streets(city, 3);
        base::Random random(1, 0, 0);
        int gaps = 0;
        for (int i = 0; i < 20000; ++i) {
            const Vector2d at = streets.somewhere(random);
            const auto hit = streets.below(at);
            if (!hit) {
                ++gaps;
                continue;
            }
            const bool road = test::inside_road(streets.map, at) > 0;
            if (std::abs(test::inside_road(streets.map, at)) > 0.15) {
                ASSERT_NEAR(hit->distance, road ? 0 : curb_height, 0.06) << at.transpose();
            }
            ASSERT_GT(hit->normal.z(), 0.8F);
        }
        EXPECT_LE(gaps, 10) << city << ": cracks between surfaces";
    }
}

TEST(Ground, ClassesLieWhereTheyBelong) {
    const Streets streets("a", 3);
    base::Random random(2, 0, 0);
    for (int i = 0; i < 5000; ++i) {
        const Vector2d at = streets.somewhere(random);
        const double road = test::inside_road(streets.map, at);
        const auto hit = streets.below(at);
        if (!hit || std::abs(road) < 0.15) {
            continue;
        }
        const Category category = hit->surface.category;
        if (road > 0) {
            EXPECT_TRUE(category == Category::road || category == Category::parking);
        } else {
            EXPECT_TRUE(category == Category::sidewalk || category == Category::terrain);
        }
    }
}

TEST(Ground, RoadsEndAtCurbs) {
    const Streets streets("b", 3);
    for (const int along : {0, 1}) {
        const Stretch stretch = stretch_of(streets.map, {0, 0}, along);
        const double curb = streets.map.kind(stretch.street).curb();
        for (double s = stretch.begin + 0.3; s < stretch.end; s += 1.7) {
            for (const double side : {-1.0, 1.0}) {
                const Vector2d from = streets.map.point(stretch.street, s, side * (curb - 0.5));
                const Vector2d to = streets.map.point(stretch.street, s, side * (curb + 0.5));
                const Vector3d rise(0, 0, 0.07);  // half as high as the curb
                Ray ray;
                ray.origin = (streets.map.to_world(from) + rise - streets.origin).cast<float>();
                const Vector3d way = streets.map.to_world(to) - streets.map.to_world(from);
                ray.direction = way.normalized().cast<float>();
                const auto hit = streets.scene->trace(ray);
                ASSERT_TRUE(hit) << "at " << s;
                EXPECT_EQ(hit->surface.material, Material::curb);
                EXPECT_NEAR(static_cast<double>(hit->distance), 0.5, 0.1);
            }
        }
    }
}

TEST(Ground, StripsAndAreasFollowTheMap) {
    const StreetMap map(load_city("c"), 7);
    Mesh mesh;
    Ground ground(map, {0, 0, 0}, mesh);
    const Surface surface{Material::asphalt, Category::road, 0};
    ground.strip({1, 2}, 5, 45, -3, 4, 0.25, surface);
    ground.area({{-10, -20}, {15, 8}}, 0.25, surface);
    ground.strip({1, 2}, 5, 5, -3, 4, 0, surface);  // nothing
    ground.area({{1, 1}, {1, 5}}, 0, surface);
    for (const Vertex& vertex : mesh.vertices) {
        EXPECT_NEAR(vertex.normal.norm(), 1, 1e-5F);
        EXPECT_GT(vertex.normal.z(), 0.8F);
    }
    const auto& first = mesh.vertices.front();
    const Vector3d corner = map.to_world(map.point({1, 2}, 5, -3)) + Vector3d(0, 0, 0.25);
    EXPECT_TRUE(first.position.cast<double>().isApprox(corner, 1e-5));
    EXPECT_TRUE(first.uv.isApprox(Eigen::Vector2f(5, -3)));
    for (const auto& triangle : mesh.triangles) {
        const auto at = [&](std::size_t i) { return mesh.vertices[triangle[i]].position; };
        EXPECT_GT((at(1) - at(0)).cross(at(2) - at(0)).z(), 0) << "seen from above";
    }
}

TEST(Ground, CurbsFaceTheRoad) {
    const StreetMap map(load_city("a"), 7);
    Mesh mesh;
    Ground ground(map, {0, 0, 0}, mesh);
    ground.curb({0, 10}, {30, 10});  // seen from its right: from y < 10
    const Vector3d road = map.to_world({15, 5});
    for (const auto& triangle : mesh.triangles) {
        const auto at = [&](std::size_t i) { return mesh.vertices[triangle[i]].position; };
        const Eigen::Vector3f face = (at(1) - at(0)).cross(at(2) - at(0));
        EXPECT_GT(face.dot(road.cast<float>() - at(0)), 0);
    }
}

TEST(Ground, BlocksAndStretchesFitTogether) {
    const StreetMap map(load_city("b"), 2);
    for (int i = -6; i < 6; ++i) {
        const Tile tile{i, 2 * i + 1};
        const Rectangle block = block_of(map, tile);
        EXPECT_GT(block.size().minCoeff(), 10);
        EXPECT_LT(test::inside_road(map, block.centre()), -5);
        for (const int along : {0, 1}) {
            const Stretch stretch = stretch_of(map, tile, along);
            EXPECT_LT(stretch.begin, block.low[along]);
            EXPECT_GT(stretch.end, block.high[along]);
            EXPECT_EQ(stretch.street.along, along);
        }
    }
}
