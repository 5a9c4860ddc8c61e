#include "simulation/world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/random.hpp"
#include "road_checks.hpp"
#include "simulation/streets/placer.hpp"

using namespace distillar;
using namespace distillar::simulation;
using Eigen::Vector2d;
using Eigen::Vector3d;

namespace {

/// One tile of a city.
struct Built {
    City city;
    StreetMap map;
    TileContents contents;

    Built(const std::string& name, const Tile& tile, std::uint64_t seed)
        : city(load_city(name)),
          map(city, seed),
          contents(build_tile(city, map, Props::shared(), tile, seed)) {}

    const Placement& ground() const { return contents.placements.back(); }
};

void expect_same(const Placement& a, const Placement& b) {
    EXPECT_TRUE(a.begin.isApprox(b.begin, 0));
    EXPECT_EQ(a.scale, b.scale);
    EXPECT_EQ(a.paint, b.paint);
    EXPECT_EQ(a.instance, b.instance);
    const Mesh &mesh = a.shape->mesh(), &other = b.shape->mesh();
    ASSERT_EQ(mesh.vertices.size(), other.vertices.size());
    ASSERT_EQ(mesh.triangles, other.triangles);
    for (std::size_t i = 0; i < mesh.vertices.size(); ++i) {
        ASSERT_EQ(mesh.vertices[i].position, other.vertices[i].position);
    }
}

/// A ring of rays around a place; what they meet, by instance.
std::map<std::uint32_t, std::vector<Hit>> look_around(const World::View& view, const Vector3d& at,
                                                      float time) {
    std::map<std::uint32_t, std::vector<Hit>> met;
    for (int turn = 0; turn < 1440; ++turn) {
        for (int down = 0; down < 16; ++down) {
            const double azimuth = turn * 3.14159265 / 720, up = 0.03 - 0.012 * down;
            Ray ray;
            ray.origin = (at - view.origin).cast<float>();
            ray.direction = Vector3d(std::cos(azimuth) * std::cos(up),
                                     std::sin(azimuth) * std::cos(up), std::sin(up))
                                .cast<float>();
            ray.time = time;
            if (const auto hit = view.scene->trace(ray)) {
                met[hit->instance].push_back(*hit);
            }
        }
    }
    return met;
}

}  // namespace

TEST(World, TilesAreTheSameEveryTime) {
    const Built one("a", {2, -1}, 4), same("a", {2, -1}, 4), other("a", {2, -1}, 5);
    ASSERT_EQ(one.contents.placements.size(), same.contents.placements.size());
    EXPECT_EQ(one.contents.origin, same.contents.origin);
    for (std::size_t i = 0; i < one.contents.placements.size(); ++i) {
        expect_same(one.contents.placements[i], same.contents.placements[i]);
    }
    EXPECT_NE(one.ground().shape->mesh().triangles.size(),
              other.ground().shape->mesh().triangles.size());
}

TEST(World, CountedThingsOfATileHaveNumbersOfTheirOwn) {
    for (const auto* city : {"a", "b", "c", "d"}) {
        for (int i = 0; i < 3; ++i) {
            const Tile tile{i, 3 - i};
            const Built built(city, tile, 2);
            const std::uint32_t first = first_instance(tile);
            std::set<std::uint32_t> numbers;
            for (const Placement& placement : built.contents.placements) {
                if (placement.instance != 0) {
                    EXPECT_TRUE(numbers.insert(placement.instance).second);
                    EXPECT_GE(placement.instance, first);
                    EXPECT_LT(placement.instance, first + first_walker);
                }
            }
        }
    }
}

TEST(World, TilesInSightHaveNumbersOfTheirOwn) {
    std::set<std::uint32_t> firsts;
    for (int i = -7; i < 5; ++i) {
        for (int j = 30; j < 42; ++j) {
            const std::uint32_t first = first_instance({i, j});
            EXPECT_EQ(first % tile_numbers, 1U);
            EXPECT_LT(first + tile_numbers, 64001U) << "where vehicles begin";
            EXPECT_TRUE(firsts.insert(first).second);
        }
    }
}

TEST(World, HugeParkingLotsRunOutOfNumbersNotOver) {
    City city = load_city("c");
    city.blocks.length = {250, 250};
    city.blocks.kinds = {{"parking_lot", 1}};
    const StreetMap map(city, 1);
    const auto contents = build_tile(city, map, Props::shared(), {0, 0}, 1);
    std::uint32_t highest = 0;
    for (const Placement& placement : contents.placements) {
        highest = std::max(highest, placement.instance);
    }
    EXPECT_EQ(highest, first_walker);
}

TEST(World, ThicketsAreRowsOfShrubsAndNothingElseChanges) {
    City city = load_city("d");
    const auto bushes = [&](double thickets) {
        city.plants.thickets = thickets;
        const StreetMap map(city, 3);
        int count = 0;
        for (int i = 0; i < 3; ++i) {
            const auto contents = build_tile(city, map, Props::shared(), {i, 2}, 3);
            for (const Placement& placement : contents.placements) {
                const auto& variants = Props::shared().of(PlantKind::bush);
                count += std::count(variants.begin(), variants.end(), placement.shape) > 0 ? 1 : 0;
            }
        }
        return count;
    };
    const int without = bushes(0);
    EXPECT_GT(without, 0) << "strewn bushes";
    EXPECT_GT(bushes(0.5), without + 150);
    EXPECT_GT(bushes(1), bushes(0.5) + 150);
    city = load_city("a");
    EXPECT_EQ(city.plants.thickets, 0) << "its drives are published";
}

TEST(World, NoRayFallsThroughATile) {
    for (const auto* city : {"a", "b", "c", "d"}) {
        const Tile tile{1, 1};
        const Built built(city, tile, 6);
        const Scene scene({built.ground()});
        base::Random random(1, 0, 0);
        const Vector2d low(built.map.line(1, 1), built.map.line(0, 1));
        const Vector2d size = Vector2d(built.map.line(1, 2), built.map.line(0, 2)) - low;
        for (int i = 0; i < 4000; ++i) {
            const double x = random.uniform(0.001, 0.999), y = random.uniform(0.001, 0.999);
            const Vector2d at = low + Vector2d(x, y).cwiseProduct(size);
            Ray ray;
            ray.origin =
                (built.map.to_world(at) - built.contents.origin + Vector3d(0, 0, 80)).cast<float>();
            ray.direction = {0, 0, -1};
            const auto hit = scene.trace(ray);
            ASSERT_TRUE(hit) << at.transpose();
            const double height = 80 - static_cast<double>(hit->distance);
            ASSERT_GT(height, -0.5) << at.transpose();
            if (test::inside_road(built.map, at) > 0.2) {
                ASSERT_LT(height, 0.5) << "nothing of the tile's own mesh stands on the road";
            }
        }
    }
}

TEST(World, VehiclesAndPeopleMoveBetweenAndDuringViews) {
    World world(load_city("c"), 2);
    world.advance_to(15.1);
    const Vector3d eye = world.vehicle_pose(15).translation() + Vector3d(0, 0, 1.8);
    const auto view = world.view(15, 15.1);
    const auto before = look_around(view, eye, 0), after = look_around(view, eye, 1);
    int moving = 0, resting = 0;
    for (const auto& [instance, hits] : before) {
        if (instance == 0 || hits.size() < 8 || !after.contains(instance)) {
            continue;
        }
        const auto middle = [](const std::vector<Hit>& some) {
            Eigen::Vector3f sum = Eigen::Vector3f::Zero();
            for (const Hit& hit : some) {
                sum += hit.position - hit.local;  // of its origin, but for turns
            }
            return Eigen::Vector3f(sum / static_cast<float>(some.size()));
        };
        const float shift = (middle(after.at(instance)) - middle(hits)).norm();
        (hits.front().moving ? moving : resting) += 1;
        if (!hits.front().moving) {
            EXPECT_LT(shift, 0.3F) << instance;
        }
    }
    EXPECT_GT(moving, 2);
    EXPECT_GT(resting, 5);
}

TEST(World, EveryInstanceIsOneThing) {
    World world(load_city("c"), 2);
    world.advance_to(10);
    const Vector3d eye = world.vehicle_pose(10).translation() + Vector3d(0, 0, 1.8);
    for (const auto& [instance, hits] : look_around(world.view(10, 10), eye, 0)) {
        if (instance == 0) {
            continue;
        }
        Eigen::AlignedBox3f box;
        for (const Hit& hit : hits) {
            box.extend(hit.position);
            EXPECT_EQ(hit.paint, hits.front().paint) << instance;
        }
        EXPECT_LT(box.sizes().norm(), 20) << "longer than a truck with its trailer";
    }
}

TEST(World, TheVehicleDrivesOnTheRoad) {
    const City city = load_city("b");
    World world(city, 3);
    for (double time = 0.5; time < 40; time += 0.5) {
        world.advance_to(time);
        const auto pose = world.vehicle_pose(time), before = world.vehicle_pose(time - 0.3);
        const Vector3d way = before.inverse() * pose.translation();
        EXPECT_LT(std::abs(way.y()), 0.6);
        EXPECT_GE(way.x(), -1e-9) << "it does not reverse";
        EXPECT_LT(way.x(), 0.3 * 1.3 * city.traffic.speed);
        EXPECT_GT(pose.linear()(2, 2), 0.9);
    }
}
