#include "simulation/streets/street_map.hpp"

#include <gtest/gtest.h>

#include <Eigen/SVD>
#include <cmath>
#include <numbers>

#include "base/random.hpp"

using namespace distillar;
using namespace distillar::simulation;
using Eigen::Vector2d;
using Eigen::Vector3d;

namespace {

const auto city_names = {"a", "b", "c", "d"};

Vector2d somewhere(base::Random& random) {
    const double x = random.uniform(-2000, 2000);
    return {x, random.uniform(-2000, 2000)};
}

City wildest() {
    City city;
    city.blocks.bend = 20;  // the most that a file may ask for
    city.blocks.relief = 30;
    return city;
}

void expect_smooth(const City& city) {
    const StreetMap map(city, 4);
    base::Random random(1, 0, 0);
    constexpr double step = 0.01;
    for (int i = 0; i < 2000; ++i) {
        const Vector2d at = somewhere(random);
        Eigen::Matrix2d jacobian;
        for (int axis = 0; axis < 2; ++axis) {
            const Vector2d shift = step / 2 * Vector2d::Unit(axis);
            const Vector3d moved = map.to_world(at + shift) - map.to_world(at - shift);
            jacobian.col(axis) = moved.head<2>() / step;
            EXPECT_LT(std::abs(moved.z()) / step, 0.8) << "slope";
        }
        const Eigen::JacobiSVD<Eigen::Matrix2d> svd(jacobian);
        EXPECT_GT(jacobian.determinant(), 0.7);
        EXPECT_LT(svd.singularValues()(0), 1.6);
        EXPECT_GT(svd.singularValues()(1), 0.45);
    }
}

}  // namespace

TEST(StreetMap, BendsSmoothly) {
    for (const auto* name : city_names) {
        expect_smooth(load_city(name));
    }
    expect_smooth(wildest());
}

TEST(StreetMap, NoTwoPlacesShareAPoint) {
    // at -> world - (to_world(at) - at) has one fixed point: the place itself. From anywhere near.
    const StreetMap map(wildest(), 8);
    base::Random random(2, 0, 0);
    for (int i = 0; i < 300; ++i) {
        const Vector2d place = somewhere(random);
        const Vector2d world = map.to_world(place).head<2>();
        Vector2d guess = world + Vector2d(random.uniform(-90, 90), random.uniform(-90, 90));
        for (int round = 0; round < 200; ++round) {
            guess = world - (map.to_world(guess).head<2>() - guess);
        }
        EXPECT_LT((guess - place).norm(), 1e-6);
    }
}

TEST(StreetMap, FramesStandOnTheGround) {
    const StreetMap map(load_city("c"), 4);
    base::Random random(3, 0, 0);
    for (int i = 0; i < 500; ++i) {
        const Vector2d at = somewhere(random);
        const double heading = random.uniform(-7, 7);
        for (const bool upright : {false, true}) {
            const auto pose = map.frame(at, heading, upright);
            const Eigen::Matrix3d turn = pose.linear();
            EXPECT_TRUE((turn.transpose() * turn).isIdentity(1e-9));
            EXPECT_NEAR(turn.determinant(), 1, 1e-9);
            EXPECT_TRUE(pose.translation().isApprox(map.to_world(at)));
            EXPECT_GT(turn(2, 2), upright ? 0.999999 : 0.8);
            const Vector2d ahead = at + 0.1 * Vector2d(std::cos(heading), std::sin(heading));
            const Vector3d way = pose.inverse() * map.to_world(ahead);
            EXPECT_GT(way.x(), 0.04);
            EXPECT_NEAR(way.y(), 0, 0.002) << "x goes along the heading";
            EXPECT_LT(std::abs(way.z()), upright ? 0.1 : 0.002) << "and lies on the ground";
        }
    }
}

TEST(StreetMap, StreetsLieInOrderWithRoomForBlocks) {
    for (const auto* name : city_names) {
        const City city = load_city(name);
        const StreetMap map(city, 9);
        for (const int along : {0, 1}) {
            for (int index = -30; index < 30; ++index) {
                const double line = map.line(along, index), next = map.line(along, index + 1);
                EXPECT_GE(next - line, city.blocks.length.low - 1e-9);
                EXPECT_LE(next - line, city.blocks.length.high + 1e-9);
                EXPECT_GT(next - line,
                          map.kind({along, index}).edge() + map.kind({along, index + 1}).edge());
                EXPECT_EQ(map.index_below(along, line), index);
                EXPECT_EQ(map.index_below(along, next - 1e-6), index);
            }
        }
    }
}

TEST(StreetMap, LeftIsLeft) {
    const StreetMap map(load_city("a"), 1);
    EXPECT_TRUE(map.point({0, 2}, 30, 1).isApprox(Vector2d(30, map.line(0, 2) + 1)));
    EXPECT_TRUE(map.point({1, 2}, 30, 1).isApprox(Vector2d(map.line(1, 2) - 1, 30)));
}

TEST(StreetMap, SeedsMakeOtherCities) {
    const City city = load_city("a");
    const StreetMap one(city, 1), same(city, 1), other(city, 2);
    EXPECT_EQ(one.line(0, 5), same.line(0, 5));
    EXPECT_NE(one.line(0, 5), other.line(0, 5));
    EXPECT_FALSE(one.to_world({10, 20}).isApprox(other.to_world({10, 20})));
    EXPECT_TRUE(one.to_world({10, 20}).isApprox(same.to_world({10, 20})));
}
