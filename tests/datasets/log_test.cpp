/// A log of one's own: PandaSet 001 laid out as log.yaml gives the PandaSet reader's figures.
#include <gtest/gtest.h>

#include <thread>

#include "base/error.hpp"
#include "datasets/frame.hpp"
#include "formats/kitti.hpp"
#include "formats/pcd.hpp"
#include "frames.hpp"
#include "support/data.hpp"
#include "support/pandaset_log.hpp"

using namespace distillar;
using test::error_of;
using test::lay_out;
using test::points_in;
using test::select;
using test::view_of;

namespace fs = std::filesystem;

TEST(Log, GivesTheFiguresOfThePandasetReader) {
    DISTILLAR_DATA_OR_SKIP(data);
    const auto pandaset = test::open(data / "pandaset/001");
    for (std::size_t index = 0; index < pandaset->size(); ++index) {
        const test::TemporaryFolder folder;
        lay_out(folder.path(), *pandaset, index, {});
        const auto log = test::open(folder.path());
        EXPECT_EQ(log->format(), "log");
        EXPECT_EQ(log->label_names().at(13), "Car");
        ASSERT_EQ(log->size(), 1U);
        EXPECT_TRUE(log->labelled(0));
        const auto ours = log->read(0);
        const auto theirs = pandaset->read(index);
        EXPECT_EQ(ours.points, theirs.points);
        EXPECT_EQ(ours.intensity, theirs.intensity);
        EXPECT_EQ(ours.labels, theirs.labels);
        EXPECT_EQ(ours.intensity_scale.mean, theirs.intensity_scale.mean);
        EXPECT_EQ(ours.intensity_scale.deviation, theirs.intensity_scale.deviation);
        EXPECT_EQ(ours.sensor_height, theirs.sensor_height);
        auto view = view_of(ours, "front");
        EXPECT_EQ(view.camera.width, 1920);
        EXPECT_FALSE(view.border.inclusive);  // the house's rule, not the devkit's
        const auto expected = view_of(theirs, "front_camera");
        EXPECT_EQ(points_in(ours, view), points_in(theirs, expected, geometry::BorderRule{}));
        EXPECT_EQ(points_in(ours, view, expected.border), points_in(theirs, expected));

        // With the devkit's border in the file, `project` counts the same too.
        const test::TemporaryFolder same;
        lay_out(same.path(), *pandaset, index,
                {.camera_keys = " border: {min_depth: 0, inclusive: true},"});
        const auto frame = test::open(same.path())->read(0);
        EXPECT_EQ(points_in(frame, view_of(frame, "front")), points_in(theirs, expected));
    }
}

TEST(Log, OtherAxesAndLabelsInTheCloud) {
    DISTILLAR_DATA_OR_SKIP(data);
    const auto pandaset = test::open(data / "pandaset/001");
    const test::TemporaryFolder folder;
    lay_out(folder.path(), *pandaset, 0, {.y_forward = true, .label_files = false});
    const auto theirs = pandaset->read(0);
    const auto ours = test::open(folder.path())->read(0);
    EXPECT_EQ(ours.points, theirs.points);
    EXPECT_EQ(ours.labels, theirs.labels);
    const auto expected = view_of(theirs, "front_camera");
    EXPECT_EQ(points_in(ours, view_of(ours, "front")),
              points_in(theirs, expected, geometry::BorderRule{}));
    auto selection = select(folder.path());
    selection.published_frame = true;  // the log's own axes
    const auto published = datasets::open_dataset(selection)->read(0);
    EXPECT_EQ(published.points(5, 1), theirs.points(5, 0));
    EXPECT_EQ(points_in(published, view_of(published, "front")),
              points_in(theirs, expected, geometry::BorderRule{}));
    selection.labels = false;
    EXPECT_FALSE(datasets::open_dataset(selection)->labelled(0));
    EXPECT_TRUE(datasets::open_dataset(selection)->read(0).labels.empty());
}

TEST(Log, IntensityScaleComesFromItsFirstScans) {
    const test::TemporaryFolder folder;
    fs::create_directories(folder / "lidar");
    for (int scan = 0; scan < 8; ++scan) {
        auto cloud = test::line_of_points(11);  // intensities 0 .. 10
        if (scan >= 5) {
            for (float& value : cloud.intensity) {
                value += 1000;
            }
        }
        cloud.intensity[10] = 60000;  // a marker for saturation
        formats::write_pcd(folder / fmt::format("lidar/{:02}.pcd", scan), cloud);
    }
    const std::string head = "distillar-log: 1\nlidar:\n  scans: lidar/*.pcd\n";
    test::write_bytes(folder / "log.yaml", head);
    auto selection = select(folder.path());
    selection.frames = "6:8";  // the scale is the log's, whatever is selected
    const auto log = datasets::open_dataset(selection);
    std::vector<datasets::Frame> frames(8);
    std::vector<std::thread> threads;
    for (auto& frame : frames) {
        threads.emplace_back([&] { frame = log->read(0); });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    for (const auto& frame : frames) {
        EXPECT_EQ(frame.id, "06");
        EXPECT_FLOAT_EQ(frame.intensity_scale.mean, 5);
        EXPECT_EQ(frame.intensity_scale.deviation, frames[0].intensity_scale.deviation);
        EXPECT_EQ(frame.intensity.back(), 60000);
    }
    test::write_bytes(folder / "log.yaml", head + "  intensity: [0, 255]\n");
    EXPECT_EQ(test::open(folder.path())->read(0).intensity.back(), 255);
    EXPECT_FALSE(test::open(folder.path())->labelled(0));
}

TEST(Log, ACameraMayBeADistortedOne) {
    const test::TemporaryFolder folder;
    formats::write_pcd(folder / "a.pcd", test::line_of_points(9));
    test::write_image(folder / "a.png", 640, 480);
    const auto view_with = [&](const std::string& model) {
        test::write_bytes(
            folder / "log.yaml",
            "distillar-log: 1\nlidar: {scans: a.pcd}\ncameras:\n  front: {images: a.png, "
            "intrinsics: [320, 320, 320, 240], T_camera_lidar: [[0, -1, 0, 0], [0, 0, -1, 0], "
            "[1, 0, 0, 0], [0, 0, 0, 1]], " +
                model + "}\n");
        return view_of(test::open(folder.path())->read(0), "front");
    };
    const auto opencv = view_with("model: opencv, distortion: [0.1, 0.01, 0.001, 0.002, 0.003]");
    EXPECT_EQ(opencv.camera.model, geometry::CameraModel::opencv);
    EXPECT_EQ(opencv.camera.distortion, (std::array<double, 5>{0.1, 0.01, 0.001, 0.002, 0.003}));
    EXPECT_EQ(opencv.camera.width, 640);  // from the image's header
    const auto fisheye = view_with("model: fisheye, distortion: [0.1, 0.01, 0.001, 0.002]");
    EXPECT_EQ(fisheye.camera.model, geometry::CameraModel::fisheye);
    EXPECT_NE(error_of([&] { view_with("model: fisheye"); }).find("k1, k2, k3, k4"),
              std::string::npos);
    EXPECT_NE(error_of([&] { view_with("distortion: [0.1, 0, 0, 0]"); }).find("pinhole"),
              std::string::npos);
    EXPECT_NE(error_of([&] { view_with("model: fish"); }).find("'fish'"), std::string::npos);
    EXPECT_NE(error_of([&] { view_with("size: [0, 480]"); }).find("size"), std::string::npos);
}

TEST(Log, KnowsWhereAndWhen) {
    const test::TemporaryFolder folder;
    for (const std::string name : {"0", "1", "2"}) {
        formats::write_pcd(folder / ("lidar/" + name + ".pcd"), test::line_of_points(4));
    }
    const auto write = [&](const std::string& keys) {
        test::write_bytes(
            folder / "log.yaml",
            "distillar-log: 1\nlidar: {scans: lidar/*.pcd, frame: y-forward" + keys + "}\n");
    };
    write("");
    const auto bare = test::open(folder.path())->read(1);
    EXPECT_EQ(bare.sequence, folder.path().filename().string());
    EXPECT_FALSE(bare.T_world_frame);
    EXPECT_FALSE(bare.time);

    // 2 m/s along the world's y, which is forward; the last scan lies far beyond the poses.
    test::write_bytes(folder / "times.txt", "10\n10.5\n20\n");
    test::write_bytes(folder / "poses.txt", "10 3 0 0 0 0 0 1\n11 3 2 0 0 0 0 1\n");
    write(", times: times.txt, poses: poses.txt");
    auto selection = select(folder.path());
    for (const bool published : {false, true}) {
        selection.published_frame = published;
        const auto log = datasets::open_dataset(selection);
        const auto frame = log->read(1);
        EXPECT_EQ(frame.time, 10.5);
        // The first point, (2, 0, -1.5) in the file: two metres to the right.
        const Eigen::Vector3d world = *frame.T_world_frame * frame.points.row(0).transpose();
        EXPECT_TRUE(world.isApprox(Eigen::Vector3d(5, 1, -1.5), 1e-9)) << world.transpose();
        EXPECT_EQ(log->read(2).time, 20.0);
        EXPECT_FALSE(log->read(2).T_world_frame);
    }
}
