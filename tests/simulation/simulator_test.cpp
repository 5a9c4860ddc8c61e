#include "simulation/simulator.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <set>

#include "base/thread_pool.hpp"
#include "small_rig.hpp"

using namespace distillar;
using namespace distillar::simulation;

namespace {

constexpr std::uint64_t seed = 7;

/// Frame 40, reached directly.
const SimulatedFrame& frame_40() {
    static const SimulatedFrame frame =
        Simulator(test::small_city(), test::small_rig(), seed).frame(40);
    return frame;
}

template <typename Values>
bool same_bytes(const Values& a, const Values& b) {
    using Value = std::remove_cvref_t<decltype(*a.data())>;
    return a.size() == b.size() &&
           std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(Value)) == 0;
}

void expect_same(const SimulatedFrame& a, const SimulatedFrame& b) {
    EXPECT_EQ(a.number, b.number);
    EXPECT_EQ(a.time, b.time);
    EXPECT_TRUE(same_bytes(a.T_world_vehicle.matrix(), b.T_world_vehicle.matrix()));
    ASSERT_EQ(a.lidars.size(), b.lidars.size());
    for (std::size_t i = 0; i < a.lidars.size(); ++i) {
        const LidarScan &one = a.lidars[i], &other = b.lidars[i];
        EXPECT_TRUE(same_bytes(one.points, other.points));
        EXPECT_TRUE(same_bytes(one.intensity, other.intensity));
        EXPECT_TRUE(same_bytes(one.time, other.time));
        EXPECT_EQ(one.ring, other.ring);
        EXPECT_EQ(one.category, other.category);
        EXPECT_EQ(one.moving, other.moving);
        EXPECT_EQ(one.instance, other.instance);
        EXPECT_TRUE(same_bytes(one.T_world_lidar.matrix(), other.T_world_lidar.matrix()));
    }
    ASSERT_EQ(a.cameras.size(), b.cameras.size());
    for (std::size_t i = 0; i < a.cameras.size(); ++i) {
        const CameraShot &one = a.cameras[i], &other = b.cameras[i];
        EXPECT_EQ(one.image.rgb, other.image.rgb);
        EXPECT_EQ(one.category, other.category);
        EXPECT_EQ(one.moving, other.moving);
        EXPECT_EQ(one.instance, other.instance);
        EXPECT_TRUE(same_bytes(one.T_world_camera.matrix(), other.T_world_camera.matrix()));
        EXPECT_TRUE(same_bytes(one.T_world_vehicle.matrix(), other.T_world_vehicle.matrix()));
    }
}

}  // namespace

TEST(Simulator, ThreadsChangeNoByte) {
    const std::size_t before = base::thread_count();
    for (const std::size_t threads : {1, 2, 3}) {
        base::set_thread_count(threads);
        SCOPED_TRACE(threads);
        expect_same(frame_40(), Simulator(test::small_city(), test::small_rig(), seed).frame(40));
    }
    base::set_thread_count(before);
}

TEST(Simulator, AFrameIsTheSameHoweverItWasReached) {
    Simulator simulator(test::small_city(), test::small_rig(), seed);
    for (const int number : {0, 39, 40, 90, 40, 40}) {
        const auto frame = simulator.frame(number);
        if (number == 40) {
            expect_same(frame_40(), frame);
        }
    }
}

TEST(Simulator, SeedsMakeOtherDrives) {
    const auto other = Simulator(test::small_city(), test::small_rig(), seed + 1).frame(40);
    EXPECT_FALSE(same_bytes(frame_40().lidars[0].points, other.lidars[0].points));
    EXPECT_NE(frame_40().cameras[0].image.rgb, other.cameras[0].image.rgb);
}

TEST(Simulator, FramesFitTheirRig) {
    const auto rig = test::small_rig();
    const auto& frame = frame_40();
    EXPECT_EQ(frame.number, 40);
    EXPECT_DOUBLE_EQ(frame.time, 4);
    ASSERT_EQ(frame.lidars.size(), 1U);
    ASSERT_EQ(frame.cameras.size(), 1U);
    const LidarScan& scan = frame.lidars[0];
    const auto points = static_cast<std::size_t>(scan.points.rows());
    EXPECT_GT(points, 5000U);
    for (const auto size : {scan.intensity.size(), scan.ring.size(), scan.time.size(),
                            scan.category.size(), scan.moving.size(), scan.instance.size()}) {
        EXPECT_EQ(size, points);
    }
    EXPECT_TRUE(scan.T_world_lidar.isApprox(frame.T_world_vehicle * rig.lidars[0].T_vehicle_lidar));
    const CameraShot& shot = frame.cameras[0];
    EXPECT_EQ(shot.image.width, rig.cameras[0].camera.width);
    EXPECT_EQ(shot.image.height, rig.cameras[0].camera.height);
    const auto pixels = static_cast<std::size_t>(shot.image.width * shot.image.height);
    EXPECT_EQ(shot.image.rgb.size(), 3 * pixels);
    EXPECT_EQ(shot.category.size(), pixels);
    EXPECT_EQ(shot.moving.size(), pixels);
    EXPECT_EQ(shot.instance.size(), pixels);
    EXPECT_TRUE(
        shot.T_world_camera.isApprox(shot.T_world_vehicle * rig.cameras[0].T_vehicle_camera));
    EXPECT_TRUE(shot.T_world_vehicle.isApprox(frame.T_world_vehicle)) << "exposed at its time";
}

TEST(Simulator, CamerasExposeWhenTheirRigSays) {
    auto rig = test::small_rig();
    rig.cameras[0].exposure_offset = 0.035;
    Simulator simulator(test::small_city(), rig, seed);
    int number = 0;
    double moved = 0;  // in the time between
    while (moved < 0.15) {
        simulator.drive_to(++number);
        const auto before = simulator.vehicle_pose(0.1 * number - 0.035);
        moved = (simulator.vehicle_pose(0.1 * number).translation() - before.translation()).norm();
    }
    const auto frame = simulator.frame(number);
    const double time = 0.1 * number;
    EXPECT_DOUBLE_EQ(frame.cameras[0].time, time + 0.035);
    EXPECT_TRUE(frame.cameras[0].T_world_vehicle.isApprox(simulator.vehicle_pose(time + 0.035)));
    EXPECT_TRUE(frame.T_world_vehicle.isApprox(simulator.vehicle_pose(time)));
    EXPECT_TRUE(frame.T_world_vehicle.isApprox(simulator.drive_to(number)));
    const auto way = frame.T_world_vehicle.inverse() * frame.cameras[0].T_world_vehicle;
    EXPECT_GT(way.translation().x(), 0.1);
}

/// Every point lies where a look from the lidar at its firing time ends, on moving things too.
TEST(Simulator, PointsAreWhereTheyWereMeasured) {
    const auto rig = test::small_rig();
    Simulator simulator(test::small_city(), rig, seed);
    int moving = 0, off = 0, all = 0;
    for (int number = 0; number < 60; number += 15) {
        const auto frame = simulator.frame(number);
        const LidarScan& scan = frame.lidars[0];
        for (std::size_t i = 0; i < scan.time.size(); ++i) {
            const double time = frame.time + static_cast<double>(scan.time[i]);
            const auto pose = simulator.vehicle_pose(time) * rig.lidars[0].T_vehicle_lidar;
            const Eigen::Vector3d point = scan.points.row(static_cast<Eigen::Index>(i));
            const auto sight = simulator.look(pose.translation(), pose * point, time);
            const bool behind_glass = sight.distance < point.norm() - 0.05;
            const bool right = std::abs(sight.distance - point.norm()) < 0.02;
            moving += scan.moving[i];
            off += right || (behind_glass && scan.moving[i] == 0) ? 0 : 1;
            ++all;
        }
    }
    EXPECT_GT(moving, 60);
    EXPECT_LT(off, all / 500 + moving / 50);
}

TEST(Simulator, WhatMovesSaysSo) {
    Simulator simulator(test::small_city(), test::small_rig(), seed);
    std::set<std::uint32_t> movers, resting;
    std::size_t moving = 0;
    for (int number = 0; number < 60; number += 15) {
        const auto frame = simulator.frame(number);
        const LidarScan& scan = frame.lidars[0];
        for (std::size_t i = 0; i < scan.moving.size(); ++i) {
            if (scan.moving[i] != 0) {
                EXPECT_NE(scan.instance[i], 0U) << "only countable things move";
                moving += scan.category[i] == Category::car ? 1 : 0;
                movers.insert(scan.instance[i]);
            } else if (scan.instance[i] != 0) {
                resting.insert(scan.instance[i]);
            }
        }
        for (const Category category : scan.category) {
            EXPECT_NE(category, Category::sky);
        }
    }
    EXPECT_GT(moving, 50U) << "points on cars that drive";
    EXPECT_GT(movers.size(), 3U);
    EXPECT_GT(resting.size(), 5U) << "parked ones stand";
}

TEST(Simulator, LooksWhereItIsAsked) {
    Simulator simulator(test::small_city(), test::small_rig(), seed);
    const auto frame = simulator.frame(3);
    const Eigen::Vector3d eye = frame.T_world_vehicle * Eigen::Vector3d(2, 0, 1.5);
    const auto down = simulator.look(eye, eye - Eigen::Vector3d(0, 0, 1), frame.time);
    EXPECT_EQ(down.category, Category::road);
    EXPECT_NEAR(down.distance, 1.5, 0.1);
    const Eigen::Vector3d above = eye + Eigen::Vector3d(0, 0, 200);
    const auto up = simulator.look(above, above + Eigen::Vector3d(0, 0, 1), frame.time);
    EXPECT_EQ(up.category, Category::sky);
    EXPECT_TRUE(std::isinf(up.distance));
}
