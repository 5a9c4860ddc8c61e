#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "datasets/sweeps.hpp"
#include "formats/nuscenes_files.hpp"
#include "frames.hpp"
#include "support/data.hpp"

using namespace distillar;
using test::error_of;
using test::points_in;
using test::select;
using test::view_of;

namespace {

namespace fs = std::filesystem;

constexpr const char* token = "ca9a282c9e77460f8360f564131a8af5";

/// The excerpt in a folder of its own, by links, with tables that a test may change.
void link_excerpt(const fs::path& data, const fs::path& folder) {
    fs::create_directories(folder / "v1.0-mini");
    fs::create_symlink(data / "nuscenes/samples", folder / "samples");
    for (const auto& table : fs::directory_iterator(data / "nuscenes/v1.0-mini")) {
        fs::copy_file(table.path(), folder / "v1.0-mini" / table.path().filename());
        fs::permissions(folder / "v1.0-mini" / table.path().filename(), fs::perms::owner_all);
    }
}

nlohmann::json read_table(const fs::path& file) {
    return nlohmann::json::parse(test::read_bytes(file));
}

/// Every row once more with a 2 behind its tokens, as `change` has it.
void repeat_rows(const fs::path& file, const std::function<void(nlohmann::json&)>& change) {
    auto rows = read_table(file);
    const std::size_t count = rows.size();
    for (std::size_t i = 0; i < count; ++i) {
        auto row = rows[i];
        for (const char* key : {"token", "sample_token", "ego_pose_token"}) {
            if (row.contains(key)) {
                row[key] = row[key].get<std::string>() + "2";
            }
        }
        change(row);
        rows.push_back(row);
    }
    test::write_bytes(file, rows.dump());
}

/// A second key frame of the same files, half a second later and 3 m further along the world's y.
void repeat_key_frame(const fs::path& tables) {
    const auto later = [](nlohmann::json& row) {
        row["timestamp"] = row["timestamp"].get<std::int64_t>() + 500000;
    };
    repeat_rows(tables / "sample.json", later);
    repeat_rows(tables / "sample_data.json", later);
    repeat_rows(tables / "ego_pose.json", [](nlohmann::json& row) {
        row["translation"][1] = row["translation"][1].get<double>() + 3;
    });
}

}  // namespace

TEST(NuScenes, FrontCameraThroughTheTables) {
    DISTILLAR_DATA_OR_SKIP(data);
    const auto dataset = test::open(data / "nuscenes");
    ASSERT_EQ(dataset->size(), 1U);
    EXPECT_EQ(dataset->format(), "nuscenes");
    EXPECT_EQ(dataset->id(0), token);
    EXPECT_EQ(dataset->label_layout(), "lidarseg");
    EXPECT_FALSE(dataset->labelled(0));
    EXPECT_EQ(dataset->label_names().at(24), "flat.driveable_surface");
    const auto frame = dataset->read(0);
    EXPECT_EQ(frame.points.rows(), 34688);
    // The tables have no rows of the other five cameras: they are absent.
    EXPECT_EQ(test::camera_names(frame), std::vector<std::string>{"CAM_FRONT"});
    const auto view = view_of(frame, "CAM_FRONT");
    EXPECT_EQ(points_in(frame, view), 3056U);
    EXPECT_GT(view.T_camera_lidar(2, 0), 0.95);  // the camera looks along x
    EXPECT_NEAR(test::road_height(frame), -1.84, 0.1);
}

TEST(NuScenes, RingsOfTheFile) {
    DISTILLAR_DATA_OR_SKIP(data);
    const auto frame = test::open(data / "nuscenes")->read(0);
    const auto cloud = formats::read_nuscenes_bin(frame.source);
    EXPECT_EQ(*std::min_element(cloud.ring.begin(), cloud.ring.end()), 0);
    EXPECT_EQ(*std::max_element(cloud.ring.begin(), cloud.ring.end()), 31);
}

TEST(NuScenes, SixCamerasByTheGivenTransforms) {
    DISTILLAR_DATA_OR_SKIP(data);
    auto selection = select(data / "nuscenes");
    selection.published_frame = true;
    const auto frame = datasets::open_dataset(selection)->read(0);
    const auto cameras = read_table(data / "nuscenes/cameras.json");
    const std::map<std::string, std::size_t> expected{
        {"CAM_FRONT", 3056}, {"CAM_FRONT_RIGHT", 3076}, {"CAM_FRONT_LEFT", 3700},
        {"CAM_BACK", 4822},  {"CAM_BACK_LEFT", 4091},   {"CAM_BACK_RIGHT", 3370}};
    for (const auto& [name, points] : expected) {
        const auto& entry = cameras.at(name);
        geometry::Camera camera{geometry::CameraModel::pinhole, 1600, 900, 0, 0, 0, 0, {}};
        camera.fx = entry.at("K")[0][0];
        camera.fy = entry.at("K")[1][1];
        camera.cx = entry.at("K")[0][2];
        camera.cy = entry.at("K")[1][2];
        geometry::Pose pose = geometry::Pose::Identity();
        for (int row = 0; row < 3; ++row) {
            for (int column = 0; column < 4; ++column) {
                pose.matrix()(row, column) = entry.at("T_camera_lidar").at(row).at(column);
            }
        }
        EXPECT_EQ(geometry::project(frame.points, camera, pose).size(), points) << name;
        if (name == "CAM_FRONT") {
            const auto view = view_of(frame, name);
            EXPECT_TRUE(view.T_camera_lidar.isApprox(pose, 1e-6));
            EXPECT_EQ(points_in(frame, view), points);
        }
    }
}

TEST(NuScenes, SplitsAndScenesByName) {
    DISTILLAR_DATA_OR_SKIP(data);
    auto selection = select(data / "nuscenes/v1.0-mini");
    selection.split = "mini_train";  // scene-0061
    EXPECT_EQ(datasets::open_dataset(selection)->size(), 1U);
    selection.split = "train";
    EXPECT_EQ(datasets::open_dataset(selection)->size(), 1U);
    selection.split = "val";
    EXPECT_NE(error_of([&] { datasets::open_dataset(selection); }).find("scene-0061"),
              std::string::npos);
    selection.split = "tain";
    EXPECT_NE(error_of([&] { datasets::open_dataset(selection); }).find("'train'"),
              std::string::npos);
    selection.split = "all";
    selection.sequences = {"scene-0061"};
    EXPECT_EQ(datasets::open_dataset(selection)->size(), 1U);
    selection.sequences = {"scene-61"};
    EXPECT_NE(error_of([&] { datasets::open_dataset(selection); }).find("'scene-0061'"),
              std::string::npos);
}

TEST(NuScenes, MissingThingsMatterOnlyWhenAskedFor) {
    DISTILLAR_DATA_OR_SKIP(data);
    auto selection = select(data / "nuscenes");
    selection.cameras = {"CAM_BACK"};
    EXPECT_NE(error_of([&] { datasets::open_dataset(selection); }).find("There are: CAM_FRONT"),
              std::string::npos);
    selection.cameras = {"CAM_FRONT"};
    EXPECT_EQ(datasets::open_dataset(selection)->read(0).views.size(), 1U);

    const test::TemporaryFolder folder;
    link_excerpt(data, folder.path());
    fs::remove(folder / "v1.0-mini/ego_pose.json");
    EXPECT_NE(error_of([&] { test::open(folder.path()); }).find("ego_pose.json"),
              std::string::npos);
}

TEST(NuScenes, LabelsThroughTheirTable) {
    DISTILLAR_DATA_OR_SKIP(data);
    const test::TemporaryFolder folder;
    link_excerpt(data, folder.path());
    test::write_bytes(folder / "v1.0-mini/lidarseg.json",
                      R"([{"token": "9d9bf11fb0e144c8b446d54a8a00184f",
                           "sample_data_token": "9d9bf11fb0e144c8b446d54a8a00184f",
                           "filename": "lidarseg/v1.0-mini/labels.bin"}])");
    EXPECT_FALSE(test::open(folder.path())->labelled(0));  // the file is not there yet
    std::vector<std::uint32_t> labels(34688, 24);
    labels[17] = 30;
    const fs::path file = folder / "lidarseg/v1.0-mini/labels.bin";
    fs::create_directories(file.parent_path());
    formats::write_lidarseg(file, labels);
    const auto dataset = test::open(folder.path());
    EXPECT_TRUE(dataset->labelled(0));
    EXPECT_EQ(dataset->read(0).labels, labels);
    labels.pop_back();
    formats::write_lidarseg(file, labels);
    EXPECT_NE(error_of([&] { dataset->read(0); }).find("labels.bin"), std::string::npos);
}

TEST(NuScenes, SeveralTablesMustBeTold) {
    DISTILLAR_DATA_OR_SKIP(data);
    const test::TemporaryFolder folder;
    link_excerpt(data, folder.path());
    fs::copy(folder / "v1.0-mini", folder / "v1.0-trainval");
    EXPECT_NE(error_of([&] { test::open(folder.path()); }).find("v1.0-mini, v1.0-trainval"),
              std::string::npos);
    EXPECT_EQ(test::open(folder / "v1.0-trainval")->read(0).views.size(), 1U);
}

TEST(NuScenes, FilesOutsideTheFolderAreRefused) {
    DISTILLAR_DATA_OR_SKIP(data);
    const test::TemporaryFolder folder;
    link_excerpt(data, folder.path());
    auto rows = read_table(folder / "v1.0-mini/sample_data.json");
    rows[0]["filename"] = "samples/../../secret.bin";
    test::write_bytes(folder / "v1.0-mini/sample_data.json", rows.dump());
    EXPECT_NE(error_of([&] { test::open(folder.path()); }).find("not inside"), std::string::npos);
}

TEST(NuScenes, EgoMotionBetweenLidarAndCameraCounts) {
    DISTILLAR_DATA_OR_SKIP(data);
    const auto before = view_of(test::open(data / "nuscenes")->read(0), "CAM_FRONT");
    const test::TemporaryFolder folder;
    link_excerpt(data, folder.path());
    // Move the ego vehicle at camera time by one metre in the world: the transform follows.
    auto rows = read_table(folder / "v1.0-mini/ego_pose.json");
    for (auto& row : rows) {
        if (row["token"] == "e3d495d4ac534d54b321f50006683844") {
            row["translation"][2] = row["translation"][2].get<double>() + 1;
        }
    }
    test::write_bytes(folder / "v1.0-mini/ego_pose.json", rows.dump());
    const auto after = view_of(test::open(folder.path())->read(0), "CAM_FRONT");
    const Eigen::Vector3d shift =
        after.T_camera_lidar.translation() - before.T_camera_lidar.translation();
    EXPECT_NEAR(shift.norm(), 1, 1e-9);
    EXPECT_GT(shift.y(), 0.9);  // the camera is higher, the points are lower: y down
}

TEST(NuScenes, KnowsWhereAndWhen) {
    DISTILLAR_DATA_OR_SKIP(data);
    auto selection = select(data / "nuscenes");
    for (const bool published : {false, true}) {
        selection.published_frame = published;
        const auto frame = datasets::open_dataset(selection)->read(0);
        EXPECT_EQ(frame.sequence, "scene-0061");
        EXPECT_NEAR(*frame.time, 1532402927.647951, 1e-6);
        // The sensor is 0.94 m before the ego pose and 1.84 m above it; the road is the world's
        // zero.
        const Eigen::Vector3d sensor = frame.T_world_frame->translation();
        const Eigen::Vector3d ego(411.3039349319818, 1180.8903791765097, 0);
        EXPECT_NEAR((sensor - ego).head<2>().norm(), 0.94, 0.03);
        EXPECT_NEAR(sensor.z(), 1.84, 0.03);
        auto world = frame;
        world.points = geometry::transform(*frame.T_world_frame, frame.points);
        world.points.rowwise() -= sensor.transpose();
        EXPECT_NEAR(test::road_height(world) + sensor.z(), 0, 0.1);
    }
}

TEST(NuScenes, ADanglingPoseIsNotKnown) {
    DISTILLAR_DATA_OR_SKIP(data);
    const test::TemporaryFolder folder;
    link_excerpt(data, folder.path());
    test::write_bytes(folder / "v1.0-mini/ego_pose.json", "[]");
    auto selection = select(folder.path());
    selection.with_cameras = false;
    const datasets::Mixture mixture({selection});
    EXPECT_FALSE(mixture.read(0)->T_world_frame);
    EXPECT_TRUE(mixture.read(0)->time);
    const auto message = error_of([&] { datasets::require_sweeps(mixture, {1, 1}); });
    EXPECT_NE(message.find("ego_pose.json"), std::string::npos) << message;
}

TEST(NuScenes, TheNextKeyFrameIsANeighbour) {
    DISTILLAR_DATA_OR_SKIP(data);
    const test::TemporaryFolder folder;
    link_excerpt(data, folder.path());
    repeat_key_frame(folder / "v1.0-mini");
    const datasets::Mixture mixture({select(folder.path())});
    ASSERT_EQ(mixture.size(), 2U);
    datasets::require_sweeps(mixture, {0, 1});
    const auto views = datasets::neighbour_views(mixture, 0, {1, 1});
    ASSERT_EQ(views.size(), 1U);
    EXPECT_EQ(views[0].name, "CAM_FRONT+1");
    EXPECT_NEAR(views[0].offset, 0.5, 1e-6);
    // A static point 20 m ahead, through this frame and through the neighbour's own.
    const auto here = mixture.read(0);
    const auto there = mixture.read(1);
    const Eigen::Vector3d point(20, 1, 0);
    const Eigen::Vector3d moved = there->T_world_frame->inverse() * (*here->T_world_frame * point);
    EXPECT_NEAR((moved - point).norm(), 3, 1e-6);
    const auto own = view_of(*there, "CAM_FRONT");
    EXPECT_TRUE((views[0].T_camera_lidar * point).isApprox(own.T_camera_lidar * moved, 1e-6));
}
