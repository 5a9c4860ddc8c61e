/// SemanticKITTI's poses.txt and times.txt.
#include "datasets/kitti_drive.hpp"

#include <gtest/gtest.h>

#include "datasets/sweeps.hpp"
#include "formats/kitti.hpp"
#include "frames.hpp"
#include "support/data.hpp"

namespace distillar {
namespace {

namespace fs = std::filesystem;

using test::error_of;
using test::select;

/// The camera looks along the lidar's x, 0.3 m before it.
constexpr const char* calibration =
    "P2: 32 0 32 0 0 32 16 0 0 0 1 0\nTr: 0 -1 0 0 0 0 -1 0 1 0 0 -0.3\n";

/// Sequences 00 and 01 of the scans 0, 1 and 2. The vehicle of 00 drives 4 m along x, then turns
/// left by 90 degrees on the spot (camera 0: about -y).
class KittiDrive : public testing::Test {
protected:
    KittiDrive() {
        for (const std::string sequence : {"00", "01"}) {
            const fs::path folder = folder_ / ("sequences/" + sequence);
            for (const std::string scan : {"000000", "000001", "000002"}) {
                formats::write_kitti_bin(folder / "velodyne" / (scan + ".bin"),
                                         test::line_of_points(9));
                test::write_image(folder / "image_2" / (scan + ".png"), 64, 32);
            }
            test::write_bytes(folder / "calib.txt", calibration);
            test::write_bytes(folder / "times.txt", "0.0e+00\n5.0e-01\n1.0e+00\n");
            // About the lidar, which is 0.3 m behind the camera: (0, 0, -0.3) stays at z = 3.7.
            test::write_bytes(folder / "poses.txt",
                              "1 0 0 0 0 1 0 0 0 0 1 0\n"
                              "1 0 0 0 0 1 0 0 0 0 1 4\n"
                              "0 0 -1 -0.3 0 1 0 0 1 0 0 3.7\n");
        }
    }
    datasets::Frame read(std::size_t index) const {
        return test::open(folder_.path())->read(index);
    }
    std::string failure() const {
        return error_of([&] { test::open(folder_.path()); });
    }
    fs::path file(const std::string& name) const { return folder_ / ("sequences/00/" + name); }

    test::TemporaryFolder folder_;
};

TEST_F(KittiDrive, TheWorldIsTheFirstScan) {
    const auto first = read(0);
    EXPECT_EQ(first.sequence, "00");
    EXPECT_EQ(first.time, 0.0);
    EXPECT_TRUE(first.T_world_frame->isApprox(geometry::Pose::Identity(), 1e-12));
    const auto second = read(1);
    EXPECT_EQ(second.time, 0.5);
    EXPECT_TRUE(second.T_world_frame->translation().isApprox(Eigen::Vector3d(4, 0, 0), 1e-12));
    // A metre ahead after the turn to the left is a metre to the left.
    const Eigen::Vector3d ahead = *read(2).T_world_frame * Eigen::Vector3d(1, 0, 0);
    EXPECT_TRUE(ahead.isApprox(Eigen::Vector3d(4, 1, 0), 1e-12)) << ahead.transpose();
    EXPECT_EQ(read(3).sequence, "01");
}

TEST_F(KittiDrive, BothFilesMayBeAbsent) {
    fs::remove(file("poses.txt"));
    EXPECT_FALSE(read(1).T_world_frame);
    EXPECT_EQ(read(1).time, 0.5);
    fs::remove(file("times.txt"));
    EXPECT_FALSE(read(1).time);
    fs::rename(file("velodyne/000002.bin"), file("velodyne/last.bin"));
    EXPECT_EQ(read(2).id, "00/last");  // a name need not be a number then
    EXPECT_TRUE(read(4).T_world_frame);
}

TEST_F(KittiDrive, PosesOfTheCameraNeedACalibration) {
    fs::remove(file("calib.txt"));
    const auto frame = read(1);
    EXPECT_FALSE(frame.T_world_frame);
    EXPECT_EQ(frame.time, 0.5);
    test::write_bytes(file("calib.txt"), "P2: 32 0 32 0 0 32 16 0 0 0 1 0\n");
    fs::remove_all(file("image_2"));
    EXPECT_NE(failure().find("'Tr:' is missing"), std::string::npos);
}

TEST_F(KittiDrive, WhatIsBrokenIsNamed) {
    const auto expect = [&](const std::string& part) {
        const auto message = failure();
        EXPECT_NE(message.find(part), std::string::npos) << message;
        EXPECT_NE(message.find("sequences/00/"), std::string::npos) << message;
    };
    const std::string rest = "1 0 0 0 0 1 0 0 0 0 1 4\n";
    test::write_bytes(file("poses.txt"), rest + "2 0 0 0 0 1 0 0 0 0 1 0\n" + rest);
    expect("poses.txt: line 2: the left 3x3 part is not a rotation");
    test::write_bytes(file("poses.txt"), rest + rest + "1 2 3\n");
    expect("poses.txt: line 3: 3 numbers");
    test::write_bytes(file("poses.txt"), "1 0 0 zero\n");
    expect("poses.txt: line 1");
    test::write_bytes(file("poses.txt"), rest + rest);
    expect("poses.txt: has 2 poses, none for scan 2");
    test::write_bytes(file("poses.txt"), rest + rest + rest);
    test::write_bytes(file("times.txt"), "0\n0.1\n");
    expect("times.txt: has 2 times, none for scan 2");
    test::write_bytes(file("times.txt"), "0\n0.1\n0.1\n");
    expect("times.txt: line 3");
    test::write_bytes(file("times.txt"), "0\n0.1\n0.2\n");
    fs::rename(file("velodyne/000002.bin"), file("velodyne/last.bin"));
    expect("velodyne/last.bin");
}

TEST_F(KittiDrive, AnotherSequenceIsNoNeighbour) {
    const datasets::Mixture mixture({select(folder_.path())});
    require_sweeps(mixture, {1, 1});
    EXPECT_EQ(neighbour_views(mixture, 1, {1, 1}).size(), 2U);
    const auto last = neighbour_views(mixture, 2, {1, 1});
    ASSERT_EQ(last.size(), 1U);
    EXPECT_EQ(last[0].name, "image_2-1");
    const auto first = neighbour_views(mixture, 3, {1, 1});
    ASSERT_EQ(first.size(), 1U);
    EXPECT_EQ(first[0].name, "image_2+1");
}

TEST_F(KittiDrive, WhatANeighbourHasPassedItDoesNotSee) {
    // Points 2, 3, ... m before scan 0; the camera of scan 1 is 4.3 m further: it sees 7 m on.
    const datasets::Mixture mixture({select(folder_.path())});
    const auto frame = mixture.read(0);
    const auto views = neighbour_views(mixture, 0, {0, 1});
    ASSERT_EQ(views.size(), 1U);
    const auto seen =
        geometry::project(frame->points, views[0].camera, views[0].T_camera_lidar, views[0].border);
    for (const auto& pixel : seen) {
        EXPECT_GT(frame->points(pixel.point, 0), 5.3);
    }
    // u = 32 - 32 y / (x - 4.3), v = 16 + 32 * 1.5 / (x - 4.3) < 31 from x = 7.5 on.
    ASSERT_FALSE(seen.empty());
    EXPECT_EQ(seen[0].point, 6U);
    EXPECT_NEAR(seen[0].u, 32 - 32 * 3 / 3.7, 1e-4);
}

}  // namespace
}  // namespace distillar
