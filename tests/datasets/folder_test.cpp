#include <gtest/gtest.h>

#include "datasets/frame.hpp"
#include "datasets/taxonomy.hpp"
#include "formats/kitti.hpp"
#include "formats/nuscenes_files.hpp"
#include "formats/ply.hpp"
#include "frames.hpp"
#include "support/data.hpp"

using namespace distillar;
using test::error_of;
using test::select;
using Names = std::vector<std::string>;

TEST(Folder, ALoneKittiScan) {
    DISTILLAR_DATA_OR_SKIP(data);
    const auto scan = data / "semantickitti/sequences/00/velodyne/000000.bin";
    EXPECT_EQ(datasets::recognise(scan), Names{"folder"});
    const auto dataset = test::open(scan);
    ASSERT_EQ(dataset->size(), 1U);
    EXPECT_EQ(dataset->format(), "folder");
    EXPECT_EQ(dataset->id(0), "000000");
    EXPECT_FALSE(dataset->labelled(0));
    EXPECT_EQ(dataset->label_layout(), "");
    const auto frame = dataset->read(0);
    EXPECT_EQ(frame.points.rows(), 124668);
    EXPECT_EQ(frame.sensor, "");
    EXPECT_TRUE(frame.views.empty());
    EXPECT_NEAR(frame.intensity_scale.mean, 0.28, 0.1);
    EXPECT_GT(frame.intensity_scale.deviation, 0.05F);
}

TEST(Folder, ManyKindsOfScansInOneFolder) {
    const test::TemporaryFolder folder;
    auto labelled = test::line_of_points(4);
    labelled.label = {5, 6, 7, 8};
    formats::write_ply(folder / "a.ply", labelled);
    formats::write_kitti_bin(folder / "b.bin", test::line_of_points(3));
    auto rings = test::line_of_points(2);
    rings.ring = {0, 1};
    formats::write_nuscenes_bin(folder / "c.pcd.bin", rings);
    test::write_bytes(folder / "readme.txt", "not a scan");
    const auto dataset = test::open(folder.path());
    ASSERT_EQ(dataset->size(), 3U);
    EXPECT_TRUE(dataset->labelled(0));
    EXPECT_EQ(dataset->read(0).labels, labelled.label);
    EXPECT_EQ(dataset->read(1).points(0, 0), 2);
    // nuScenes' own axes are turned: (x, y, z) -> (y, -x, z).
    EXPECT_EQ(dataset->id(2), "c");
    EXPECT_EQ(dataset->read(2).points(1, 0), 0.5);
    EXPECT_EQ(dataset->read(2).points(1, 1), -3);
}

TEST(Folder, MistakesAreNamed) {
    const test::TemporaryFolder folder;
    EXPECT_EQ(datasets::recognise(folder.path()), Names{});
    EXPECT_NE(error_of([&] { test::open(folder.path()); }).find("no data set that is recognised"),
              std::string::npos);
    EXPECT_NE(error_of([&] { test::open(folder.path(), "folder"); }).find("no scan"),
              std::string::npos);
    for (const std::string format : {"semantickitti", "nuscenes", "pandaset", "kitti", "log"}) {
        EXPECT_NE(error_of([&] { test::open(folder.path(), format); }).find("in it"),
                  std::string::npos)
            << format;
    }
    test::write_bytes(folder / "a.bin", "");
    EXPECT_NE(error_of([&] { test::open(folder.path())->read(0); }).find("a.bin"),
              std::string::npos);
    formats::write_kitti_bin(folder / "a.bin", test::line_of_points(3));
    auto selection = select(folder.path());
    selection.cameras = {"front"};
    EXPECT_NE(error_of([&] { datasets::open_dataset(selection); }).find("no camera at all"),
              std::string::npos);
    selection = select(folder.path());
    selection.sensor = "hdl64e";
    EXPECT_NE(error_of([&] { datasets::open_dataset(selection); }).find("hdl64e"),
              std::string::npos);
    test::write_bytes(folder / "note.txt", "text");
    EXPECT_NE(error_of([&] { test::open(folder / "note.txt"); }).find("note.txt"),
              std::string::npos);
}

TEST(Folder, AFolderThatIsTwoThings) {
    const test::TemporaryFolder folder;
    formats::write_kitti_bin(folder / "training/velodyne/000000.bin", test::line_of_points(3));
    std::filesystem::create_directories(folder / "training/calib");
    EXPECT_EQ(datasets::recognise(folder.path()), Names{"kitti"});
    test::write_bytes(folder / "log.yaml", "distillar-log: 1\n");
    EXPECT_EQ(datasets::recognise(folder.path()), (Names{"kitti", "log"}));
    const auto message = error_of([&] { test::open(folder.path()); });
    EXPECT_NE(message.find("kitti or log"), std::string::npos);
    EXPECT_NE(message.find("--format"), std::string::npos);
    EXPECT_EQ(test::open(folder.path(), "kitti")->size(), 1U);
    EXPECT_EQ(datasets::known_formats().size(), 6U);
}

TEST(Frame, BecomesAScan) {
    datasets::Frame frame;
    frame.points.resize(2, 3);
    frame.points << 1, 2, 3, 4, 5, 6;
    frame.intensity = {7, 8};
    frame.intensity_scale = {1, 2};
    frame.sensor_height = 1.5F;
    frame.labels = {40, 0};
    const auto bare = datasets::scan_of(frame, nullptr);
    EXPECT_EQ(bare.points(1, 2), 6.0F);
    EXPECT_EQ(bare.intensity, frame.intensity);
    EXPECT_EQ(bare.scale.deviation, 2);
    EXPECT_EQ(bare.sensor_height, 1.5F);
    EXPECT_TRUE(bare.labels.empty());
    datasets::Taxonomy taxonomy;
    taxonomy.classes = {"road"};
    taxonomy.raw_to_class = {{40, 0}, {0, 255}};
    EXPECT_EQ(datasets::scan_of(frame, &taxonomy).labels, (std::vector<std::uint8_t>{0, 255}));
    EXPECT_EQ(datasets::spread_to_file(frame, {3, 4}), (std::vector<std::uint32_t>{3, 4}));
}
