/// A log of one's own: PandaSet 001 laid out as log.yaml gives the PandaSet reader's figures.
#include <gtest/gtest.h>

#include <thread>

#include "base/error.hpp"
#include "datasets/frame.hpp"
#include "formats/kitti.hpp"
#include "formats/pcd.hpp"
#include "frames.hpp"
#include "support/data.hpp"

using namespace distillar;
using test::error_of;
using test::points_in;
using test::select;
using test::view_of;

namespace {

namespace fs = std::filesystem;

std::string rows_of(const geometry::Pose& pose) {
    std::string text = "[";
    for (int row = 0; row < 4; ++row) {
        text += fmt::format("[{}, {}, {}, {}]{}", pose(row, 0), pose(row, 1), pose(row, 2),
                            pose(row, 3), row < 3 ? ", " : "]");
    }
    return text;
}

formats::Cloud cloud_of(const datasets::Frame& frame) {
    formats::Cloud cloud;
    cloud.points = frame.points;
    cloud.intensity = frame.intensity;
    cloud.label = frame.labels;
    return cloud;
}

/// One frame of PandaSet 001 as a log: scan as PCD, image by a link, label file or field.
struct Layout {
    bool y_forward = false;
    bool label_files = true;
    std::string camera_keys = "";
    std::string lidar_keys =
        "  height: 1.85\n  intensity: {mean: 18.23640649, deviation: 25.86983417}\n";
};

void lay_out(const fs::path& folder, const datasets::Dataset& pandaset, std::size_t index,
             const Layout& layout) {
    const auto frame = pandaset.read(index);
    auto cloud = cloud_of(frame);
    fs::create_directories(folder / "lidar");
    fs::create_directories(folder / "labels");
    fs::create_directories(folder / "front");
    geometry::Pose T_lidar_canonical = geometry::Pose::Identity();
    if (layout.y_forward) {
        T_lidar_canonical.linear() << 0, -1, 0, 1, 0, 0, 0, 0, 1;
        cloud.points = geometry::transform(T_lidar_canonical, cloud.points);
    }
    if (layout.label_files) {
        formats::write_kitti_labels(folder / "labels/00.label", cloud.label);
        cloud.label.clear();
    }
    formats::write_pcd(folder / "lidar/00.pcd", cloud, formats::PcdEncoding::binary_compressed);
    const auto view = view_of(frame, "front_camera");
    fs::copy_file(view.image, folder / "front/00.jpg");
    test::write_bytes(folder / "classes.yaml", "7: Road\n13: Car\n");
    test::write_bytes(
        folder / "log.yaml",
        fmt::format("distillar-log: 1\n"
                    "lidar:\n"
                    "  scans: lidar/*.pcd\n"
                    "{}{}"
                    "labels: {{{}names: classes.yaml}}\n"
                    "cameras:\n"
                    "  front: {{images: front/*.jpg, size: [1920, 1080], model: pinhole,{}\n"
                    "    intrinsics: [{}, {}, {}, {}],\n"
                    "    T_camera_lidar: {}}}\n",
                    layout.lidar_keys, layout.y_forward ? "  frame: y-forward\n" : "",
                    layout.label_files ? "files: labels/*.label, " : "", layout.camera_keys,
                    view.camera.fx, view.camera.fy, view.camera.cx, view.camera.cy,
                    rows_of(view.T_camera_lidar * T_lidar_canonical.inverse())));
}

}  // namespace

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
