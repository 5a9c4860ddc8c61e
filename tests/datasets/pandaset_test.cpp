#include <gtest/gtest.h>

#include <fstream>

#include "datasets/frame.hpp"
#include "formats/pandaset.hpp"
#include "frames.hpp"
#include "support/data.hpp"

using namespace distillar;
using test::camera_names;
using test::count_label;
using test::error_of;
using test::points_in;
using test::select;
using test::view_of;

namespace {

datasets::Frame read_one(datasets::Selection selection, const std::string& frame) {
    selection.frames = frame;
    const auto dataset = datasets::open_dataset(selection);
    EXPECT_EQ(dataset->size(), 1U);
    EXPECT_EQ(dataset->id(0), frame);
    return dataset->read(0);
}

/// The border of the published counts: depth > 0.5 m, 0 <= u < W, 0 <= v < H.
constexpr geometry::BorderRule half_metre{geometry::BorderRule::Depth::camera_z, 0.5, true};

}  // namespace

TEST(Pandaset, CountsOfSixCameras) {
    DISTILLAR_DATA_OR_SKIP(data);
    const auto frame = read_one(select(data / "pandaset"), "002/00");
    EXPECT_EQ(frame.points.rows(), 166768);
    EXPECT_EQ(frame.labels.size(), 166768U);
    EXPECT_EQ(frame.file_points, 166768U);
    EXPECT_EQ(frame.dropped, 0U);
    EXPECT_TRUE(frame.file_rows.empty());
    const std::map<std::string, std::size_t> expected{
        {"front_camera", 68638}, {"back_camera", 24387},       {"left_camera", 26721},
        {"right_camera", 26532}, {"front_left_camera", 39575}, {"front_right_camera", 42737}};
    ASSERT_EQ(frame.views.size(), expected.size());
    for (const auto& [name, points] : expected) {
        const auto view = view_of(frame, name);
        EXPECT_EQ(view.camera.width, 1920);
        EXPECT_EQ(view.camera.height, 1080);
        EXPECT_TRUE(view.border.inclusive);  // the devkit's border
        EXPECT_EQ(view.border.min_depth, 0);
        EXPECT_EQ(points_in(frame, view, half_metre), points) << name;
    }
}

TEST(Pandaset, CountsOfTheOtherScene) {
    DISTILLAR_DATA_OR_SKIP(data);
    const auto first = read_one(select(data / "pandaset"), "001/00");
    const auto second = read_one(select(data / "pandaset"), "001/03");
    EXPECT_EQ(first.points.rows(), 169171);
    EXPECT_EQ(second.points.rows(), 169439);
    EXPECT_EQ(camera_names(first), std::vector<std::string>{"front_camera"});
    // "About 68 k"; the exact figures were checked once in numpy.
    EXPECT_EQ(points_in(first, view_of(first, "front_camera"), half_metre), 68430U);
    EXPECT_EQ(points_in(second, view_of(second, "front_camera"), half_metre), 68094U);
}

TEST(Pandaset, SensorsArePartsOfOneFile) {
    DISTILLAR_DATA_OR_SKIP(data);
    auto selection = select(data / "pandaset");
    const auto both = read_one(selection, "001/00");
    selection.sensor = "pandar64";
    const auto spinning = read_one(selection, "001/00");
    selection.sensor = "pandargt";
    const auto solid = read_one(selection, "001/00");
    EXPECT_EQ(spinning.points.rows() + solid.points.rows(), both.points.rows());
    EXPECT_EQ(spinning.sensor, "pandar64");
    EXPECT_EQ(solid.sensor, "pandargt");
    EXPECT_EQ(both.sensor, "");
    EXPECT_FLOAT_EQ(spinning.intensity_scale.mean, 18.23640649F);
    EXPECT_FLOAT_EQ(solid.intensity_scale.deviation, 16.76273235F);

    // file_rows leads each point and label back to its place in the file.
    ASSERT_EQ(solid.file_rows.size(), solid.labels.size());
    EXPECT_EQ(solid.file_points, 169171U);
    for (std::size_t i = 0; i < solid.file_rows.size(); i += 97) {
        EXPECT_EQ(solid.labels[i], both.labels[solid.file_rows[i]]);
        EXPECT_EQ(solid.points.row(static_cast<Eigen::Index>(i)),
                  both.points.row(static_cast<Eigen::Index>(solid.file_rows[i])));
    }
    auto spread = datasets::spread_to_file(solid, solid.labels);
    const auto other = datasets::spread_to_file(spinning, spinning.labels);
    for (std::size_t i = 0; i < spread.size(); ++i) {
        spread[i] += other[i];
    }
    EXPECT_EQ(spread, both.labels);
}

TEST(Pandaset, RoadLiesWhereItWasMeasured) {
    DISTILLAR_DATA_OR_SKIP(data);
    // Ego z of the road: -0.17 in 001, -0.35 in 002; 1.6 m less here.
    const auto first = read_one(select(data / "pandaset"), "001/00");
    const auto second = read_one(select(data / "pandaset"), "002/00");
    EXPECT_NEAR(test::median_height(first, 7, 8), -1.77, 0.02);
    EXPECT_NEAR(test::median_height(second, 7, 8), -1.95, 0.02);
    EXPECT_NEAR(first.sensor_height, 1.85, 0.11);
}

TEST(Pandaset, XIsForwardAndYIsLeft) {
    DISTILLAR_DATA_OR_SKIP(data);
    const auto frame = read_one(select(data / "pandaset"), "002/40");
    const auto axis = [&](const std::string& name) -> Eigen::Vector3d {
        return view_of(frame, name).T_camera_lidar.linear().row(2).transpose();
    };
    EXPECT_GT(axis("front_camera").x(), 0.95);
    EXPECT_LT(axis("back_camera").x(), -0.95);
    EXPECT_GT(axis("left_camera").y(), 0.95);
    EXPECT_LT(axis("right_camera").y(), -0.95);
}

TEST(Pandaset, PublishedFrameSeesTheSamePoints) {
    DISTILLAR_DATA_OR_SKIP(data);
    auto selection = select(data / "pandaset");
    const auto canonical = read_one(selection, "001/00");
    selection.published_frame = true;
    const auto published = read_one(selection, "001/00");
    // x right, y forward: (x, y, z) -> (y, -x, z).
    EXPECT_NEAR(canonical.points(1000, 0), published.points(1000, 1), 1e-9);
    EXPECT_NEAR(canonical.points(1000, 1), -published.points(1000, 0), 1e-9);
    EXPECT_NEAR(canonical.points(1000, 2), published.points(1000, 2), 1e-9);
    EXPECT_EQ(points_in(canonical, view_of(canonical, "front_camera")),
              points_in(published, view_of(published, "front_camera")));
}

TEST(Pandaset, BothTheRootAndOneSequenceCanBeGiven) {
    DISTILLAR_DATA_OR_SKIP(data);
    EXPECT_EQ(test::open(data / "pandaset")->size(), 18U);
    const auto one = test::open(data / "pandaset/001/");
    ASSERT_EQ(one->size(), 2U);
    EXPECT_EQ(one->id(1), "001/03");
    EXPECT_EQ(one->format(), "pandaset");
    EXPECT_EQ(one->label_layout(), "label");
    EXPECT_TRUE(one->labelled(0));
    EXPECT_EQ(one->label_names().at(19), "Other Vehicle - Construction Vehicle");
}

TEST(Pandaset, SplitsGoByLatitude) {
    DISTILLAR_DATA_OR_SKIP(data);
    auto selection = select(data / "pandaset");
    selection.split = "train";  // 002 lies in San Francisco; 001 has no gps.json
    EXPECT_EQ(datasets::open_dataset(selection)->size(), 16U);
    selection.split = "ttyd_train";  // frames below 50: 2 of 001 and 00 .. 45 of 002
    EXPECT_EQ(datasets::open_dataset(selection)->size(), 12U);
    selection.split = "val";
    EXPECT_NE(error_of([&] { datasets::open_dataset(selection); }).find("001, 002"),
              std::string::npos);
    selection.split = "trian";
    EXPECT_NE(error_of([&] { datasets::open_dataset(selection); }).find("'train'"),
              std::string::npos);
}

TEST(Pandaset, FramesGoByNumber) {
    DISTILLAR_DATA_OR_SKIP(data);
    auto selection = select(data / "pandaset");
    selection.sequences = {"002"};
    selection.frames = "0:80:5";
    EXPECT_EQ(datasets::open_dataset(selection)->size(), 16U);
    selection.frames = "0:80:10";
    EXPECT_EQ(datasets::open_dataset(selection)->size(), 8U);
}

TEST(Pandaset, MistakesAreNamed) {
    DISTILLAR_DATA_OR_SKIP(data);
    auto selection = select(data / "pandaset");
    selection.cameras = {"font_camera"};
    EXPECT_NE(error_of([&] { datasets::open_dataset(selection); }).find("'front_camera'"),
              std::string::npos);
    selection.cameras = {"back_camera"};  // 002 has it, 001 has not
    const auto dataset = datasets::open_dataset(selection);
    EXPECT_NE(error_of([&] { dataset->read(0); }).find("001/camera/back_camera/00.jpg"),
              std::string::npos);
    EXPECT_EQ(camera_names(dataset->read(2)), std::vector<std::string>{"back_camera"});
    selection = select(data / "pandaset");
    selection.sequences = {"003"};
    EXPECT_NE(error_of([&] { datasets::open_dataset(selection); }).find("There are: 001, 002"),
              std::string::npos);
    selection = select(data / "pandaset");
    selection.sensor = "hdl64e";
    EXPECT_NE(error_of([&] { datasets::open_dataset(selection); }).find("pandar64, pandargt"),
              std::string::npos);
    selection = select(data / "pandaset");
    selection.frames = "001/07";
    EXPECT_NE(error_of([&] { datasets::open_dataset(selection); }).find("001/07"),
              std::string::npos);
}

TEST(Pandaset, WithoutLabelsAndCameras) {
    DISTILLAR_DATA_OR_SKIP(data);
    auto selection = select(data / "pandaset/001");
    selection.labels = false;
    selection.with_cameras = false;
    const auto dataset = datasets::open_dataset(selection);
    EXPECT_FALSE(dataset->labelled(0));
    const auto frame = dataset->read(0);
    EXPECT_TRUE(frame.labels.empty());
    EXPECT_TRUE(frame.views.empty());
}

TEST(Pandaset, BrokenPosesAreNamed) {
    DISTILLAR_DATA_OR_SKIP(data);
    const test::TemporaryFolder folder;
    std::filesystem::create_directories(folder / "009/lidar");
    std::filesystem::create_symlink(data / "pandaset/001/lidar/03.pkl.gz",
                                    folder / "009/lidar/03.pkl.gz");
    const auto poses = folder / "009/lidar/poses.json";
    const auto failure = [&] {
        return error_of([&] { test::open(folder.path(), "pandaset")->read(0); });
    };
    EXPECT_NE(failure().find("poses.json"), std::string::npos);  // not there
    test::write_bytes(poses, "[{\"position\"");
    EXPECT_NE(failure().find("is not JSON from byte"), std::string::npos);
    test::write_bytes(poses, "[{\"position\": {\"x\": 0, \"y\": 0}, \"heading\": {}}]");
    EXPECT_NE(failure().find("[0].position.z is missing"), std::string::npos);
    test::write_bytes(poses, R"([{"position": {"x": 0, "y": 0, "z": 0},
                                  "heading": {"w": 0, "x": 0, "y": 0, "z": 0}}])");
    EXPECT_NE(failure().find("pose 0"), std::string::npos);
    test::write_bytes(poses, "[]");
    EXPECT_NE(failure().find("none for frame 3"), std::string::npos);
}
