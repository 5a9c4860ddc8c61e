#include "simulation/rendering/scene.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.hpp"

using namespace distillar;
using namespace distillar::simulation;
using Eigen::Vector3f;

namespace {

Vector3f random_point(base::Random& random, double half) {
    const auto draw = [&] { return static_cast<float>(random.uniform(-half, half)); };
    const float x = draw(), y = draw(), z = draw();
    return {x, y, z};
}

/// Triangles in all directions within two metres.
std::shared_ptr<const Shape> thicket(std::uint64_t seed, Category category) {
    base::Random random(seed, 0, 0);
    Mesh mesh;
    for (int i = 0; i < 40; ++i) {
        const Vector3f a = random_point(random, 2);
        const Vector3f b = a + random_point(random, 1), c = a + random_point(random, 1);
        const Vector3f normal = (b - a).cross(c - a).normalized();
        const auto first = mesh.add_vertex({a, normal, {0, 0}});
        mesh.add_vertex({b, normal, {1, 0}});
        mesh.add_vertex({c, normal, {0, 1}});
        mesh.add_triangle(first, first + 1, first + 2, {Material::concrete, category, 0});
    }
    return std::make_shared<const Shape>(std::move(mesh));
}

Eigen::Isometry3f random_pose(base::Random& random) {
    Eigen::Isometry3f pose = Eigen::Isometry3f::Identity();
    pose.translation() = random_point(random, 6);
    pose.linear() = Eigen::AngleAxisf(static_cast<float>(random.uniform(0, 6)),
                                      random_point(random, 1).normalized())
                        .toRotationMatrix();
    return pose;
}

std::vector<Placement> thickets() {
    base::Random random(3, 0, 0);
    std::vector<Placement> placements;
    for (std::uint32_t i = 0; i < 8; ++i) {
        Placement placement;
        placement.shape = thicket(i % 3, i % 2 == 0 ? Category::building : Category::vegetation);
        placement.begin = placement.end = random_pose(random);
        placement.scale = static_cast<float>(random.uniform(0.5, 1.5));
        placement.instance = i + 1;
        placement.paint = 100 + i;
        if (i % 2 == 1) {
            placement.moving = true;
            placement.end.translation() += random_point(random, 1);
        }
        placements.push_back(std::move(placement));
    }
    return placements;
}

std::vector<Ray> random_rays(int count) {
    base::Random random(5, 0, 0);
    std::vector<Ray> rays;
    for (int i = 0; i < count; ++i) {
        Ray ray;
        ray.origin = random_point(random, 12);
        ray.direction = (random_point(random, 6) - ray.origin).normalized();
        ray.time = static_cast<float>(random.uniform());
        rays.push_back(ray);
    }
    return rays;
}

struct Nearest {
    double distance = INFINITY;
    std::uint32_t instance = 0;
    double margin = INFINITY;  ///< how far from an edge, in barycentric coordinates
};

/// Every triangle of every thing, one after the other, in float64 (Moeller, Trumbore, 1997).
Nearest nearest_of(const std::vector<Placement>& placements, const Ray& ray) {
    Nearest nearest;
    const Eigen::Vector3d origin = ray.origin.cast<double>();
    const Eigen::Vector3d direction = ray.direction.cast<double>();
    for (const Placement& placement : placements) {
        Eigen::Affine3d pose = placement.begin.cast<double>();
        if (placement.moving) {
            pose.translation() +=
                static_cast<double>(ray.time) *
                (placement.end.translation() - placement.begin.translation()).cast<double>();
        }
        pose.linear() *= static_cast<double>(placement.scale);
        const Mesh& mesh = placement.shape->mesh();
        for (const auto& corners : mesh.triangles) {
            const auto at = [&](int i) -> Eigen::Vector3d {
                return pose *
                       mesh.vertices[corners[static_cast<std::size_t>(i)]].position.cast<double>();
            };
            const Eigen::Vector3d a = at(0), ab = at(1) - a, ac = at(2) - a, to = origin - a;
            const Eigen::Vector3d p = direction.cross(ac), q = to.cross(ab);
            const double scale = ab.dot(p);
            const double u = to.dot(p) / scale, v = direction.dot(q) / scale;
            const double distance = ac.dot(q) / scale;
            const double inside = std::min({u, v, 1 - u - v});
            nearest.margin = std::min(nearest.margin, std::abs(inside));
            if (inside >= 0 && distance > static_cast<double>(ray.near) &&
                distance < nearest.distance) {
                nearest.distance = distance;
                nearest.instance = placement.instance;
            }
        }
    }
    return nearest;
}

Placement wall_ahead(bool moving) {
    Mesh mesh;
    add_box(mesh, {10, 0, 0}, {1, 4, 4}, {Material::concrete, Category::wall, 7});
    Placement placement;
    placement.shape = std::make_shared<const Shape>(std::move(mesh));
    placement.end.translation() = Vector3f(2, 0, 0);
    placement.moving = moving;
    placement.instance = 9;
    placement.paint = 77;
    return placement;
}

}  // namespace

TEST(Scene, EqualsALoopOverAllTriangles) {
    const auto placements = thickets();
    const Scene scene(placements);
    int met = 0, ambiguous = 0;
    for (const Ray& ray : random_rays(1500)) {
        const Nearest wanted = nearest_of(placements, ray);
        if (wanted.margin < 1e-4) {
            ++ambiguous;
            continue;
        }
        const auto hit = scene.trace(ray);
        ASSERT_EQ(hit.has_value(), std::isfinite(wanted.distance));
        if (hit) {
            ++met;
            EXPECT_NEAR(static_cast<double>(hit->distance), wanted.distance, 1e-3);
            EXPECT_EQ(hit->instance, wanted.instance);
        }
    }
    EXPECT_GT(met, 400);
    EXPECT_LT(ambiguous, 300);
}

/// Leaves numbers where the next call keeps its variables: rays that begin behind themselves.
[[gnu::noinline]] void dirty_the_stack() {
    volatile float numbers[1 << 12];
    for (auto& number : numbers) {
        number = -1;
    }
}

TEST(Scene, PacketsThatAreNotFullHoldNoChance) {
    const Scene scene(thickets());
    const auto rays = random_rays(5);
    std::vector<std::optional<Hit>> hits(rays.size());
    std::vector<std::uint8_t> dark(rays.size());
    dirty_the_stack();
    scene.trace(rays, hits);
    dirty_the_stack();
    scene.occluded(rays, dark);  // Debian's Embree would end the program
    for (std::size_t i = 0; i < rays.size(); ++i) {
        EXPECT_EQ(hits[i].has_value(), scene.trace(rays[i]).has_value());
    }
}

TEST(Scene, PacketsAnswerAsSingleRays) {
    const Scene scene(thickets());
    const auto rays = random_rays(1003);  // not a multiple of a packet
    std::vector<std::optional<Hit>> hits(rays.size());
    std::vector<std::uint8_t> dark(rays.size());
    scene.trace(rays, hits);
    scene.occluded(rays, dark);
    int differ = 0;  // at the very edge of a triangle either answer is right
    for (std::size_t i = 0; i < rays.size(); ++i) {
        const auto hit = scene.trace(rays[i]);
        EXPECT_EQ(scene.occluded(rays[i]), hit.has_value());
        differ += hit.has_value() != hits[i].has_value() || hit.has_value() != (dark[i] != 0);
        if (hit && hits[i]) {
            EXPECT_NEAR(hit->distance, hits[i]->distance, 1e-4F);
            EXPECT_EQ(hit->instance, hits[i]->instance);
            EXPECT_TRUE(hit->normal.isApprox(hits[i]->normal, 1e-4F));
            EXPECT_EQ(hit->surface.category, hits[i]->surface.category);
        }
    }
    EXPECT_LE(differ, 1);
}

TEST(Scene, AHitTellsWhatWasMet) {
    const Scene scene({wall_ahead(false)});
    Ray ray;
    ray.origin = {0, 0.5F, -0.25F};
    ray.direction = {1, 0, 0};
    ray.time = 1;  // what does not move stays where it began
    const auto hit = scene.trace(ray);
    ASSERT_TRUE(hit);
    EXPECT_FLOAT_EQ(hit->distance, 9.5F);
    EXPECT_TRUE(hit->position.isApprox(Vector3f(9.5F, 0.5F, -0.25F), 1e-5F));
    EXPECT_TRUE(hit->local.isApprox(hit->position, 1e-5F));
    EXPECT_TRUE(hit->normal.isApprox(Vector3f(-1, 0, 0), 1e-5F));
    EXPECT_TRUE(hit->face.isApprox(Vector3f(-1, 0, 0), 1e-5F));
    EXPECT_EQ(hit->surface.category, Category::wall);
    EXPECT_EQ(hit->surface.style, 7);
    EXPECT_EQ(hit->instance, 9U);
    EXPECT_EQ(hit->paint, 77U);
    EXPECT_FALSE(hit->moving);
}

TEST(Scene, ThingsMoveWithTime) {
    const Scene scene({wall_ahead(true)});
    Ray ray;
    ray.direction = {1, 0, 0};
    for (const float time : {0.0F, 0.25F, 0.5F, 1.0F}) {
        ray.time = time;
        const auto hit = scene.trace(ray);
        ASSERT_TRUE(hit);
        EXPECT_NEAR(hit->distance, 9.5F + 2 * time, 1e-5F);
        EXPECT_NEAR(hit->local.x(), 9.5F, 1e-5F) << "its texture moves along";
        EXPECT_TRUE(hit->moving);
    }
}

TEST(Scene, RaysBeginAndEndWhereTheySay) {
    const Scene scene({wall_ahead(false)});
    Ray ray;
    ray.direction = {1, 0, 0};
    ray.far = 9;
    EXPECT_FALSE(scene.trace(ray));
    EXPECT_FALSE(scene.occluded(ray));
    ray.near = 10;
    ray.far = 100;
    const auto back = scene.trace(ray);
    ASSERT_TRUE(back);
    EXPECT_FLOAT_EQ(back->distance, 10.5F);
    EXPECT_TRUE(back->normal.isApprox(Vector3f(-1, 0, 0), 1e-5F)) << "faces the ray's origin";
}

TEST(Scene, NothingMeetsNothing) {
    const Scene scene({});
    EXPECT_FALSE(scene.trace(Ray{{0, 0, 0}, {0, 0, 1}}));
}
