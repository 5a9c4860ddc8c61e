#include <gtest/gtest.h>

#include "formats/kitti.hpp"
#include "frames.hpp"
#include "support/data.hpp"

using namespace distillar;
using test::count_label;
using test::error_of;
using test::points_in;
using test::select;
using test::view_of;

namespace {

datasets::Selection sequence(const std::filesystem::path& data, const std::string& name) {
    auto selection = select(data / "semantickitti");
    selection.sequences = {name};
    return selection;
}

/// A sequence of two labelled scans with images, without data of others.
void write_sequence(const std::filesystem::path& folder, bool calibration) {
    for (const std::string name : {"000000", "000001"}) {
        formats::write_kitti_bin(folder / "velodyne" / (name + ".bin"), test::line_of_points(5));
        formats::write_kitti_labels(folder / "labels" / (name + ".label"),
                                    std::vector<std::uint32_t>{10, 40, 48, 70, 0});
        test::write_image(folder / "image_2" / (name + ".png"), 64, 32);
    }
    if (calibration) {
        test::write_bytes(folder / "calib.txt",
                          "P2: 32 0 32 3.2 0 32 16 0 0 0 1 0.1\nTr: 0 -1 0 0 0 0 -1 0 1 0 0 0\n");
    }
}

}  // namespace

TEST(SemanticKitti, CountsOfLabels) {
    DISTILLAR_DATA_OR_SKIP(data);
    const auto first = datasets::open_dataset(sequence(data, "00"));
    ASSERT_EQ(first->size(), 2U);
    EXPECT_EQ(first->id(0), "00/000000");
    EXPECT_EQ(first->id(1), "00/000002");
    const auto frame = first->read(0);
    EXPECT_EQ(frame.points.rows(), 124668);
    EXPECT_EQ(count_label(frame, 40), 34228U);
    EXPECT_EQ(count_label(frame, 48), 26360U);
    EXPECT_EQ(count_label(frame, 70), 27123U);
    EXPECT_EQ(count_label(frame, 50), 18268U);
    EXPECT_EQ(count_label(frame, 10), 4234U);
    EXPECT_EQ(count_label(frame, 255), 88U);
    EXPECT_TRUE(frame.views.empty());
    EXPECT_EQ(frame.sensor, "hdl64e");
    const auto second = datasets::open_dataset(sequence(data, "07"))->read(0);
    EXPECT_EQ(second.points.rows(), 120485);
    EXPECT_EQ(count_label(second, 10), 10400U);
}

TEST(SemanticKitti, CountsInImages) {
    DISTILLAR_DATA_OR_SKIP(data);
    const auto dataset = datasets::open_dataset(sequence(data, "90"));
    ASSERT_EQ(dataset->size(), 16U);
    // Each checked once in numpy, where both rules agree; 16,626 on average ("about 16.5 k").
    const std::vector<std::size_t> expected{16281, 15251, 15296, 15940, 16542, 16927, 16761, 16565,
                                            16593, 16772, 17022, 17106, 17172, 17274, 17259, 17254};
    for (std::size_t i = 0; i < dataset->size(); ++i) {
        EXPECT_FALSE(dataset->labelled(i));
        const auto frame = dataset->read(i);
        EXPECT_NEAR(static_cast<double>(frame.points.rows()), 112800, 1500);  // "about 112 k"
        const auto view = view_of(frame, "image_2");
        EXPECT_EQ(points_in(frame, view), expected[i]) << frame.id;
        EXPECT_EQ(points_in(frame, view, geometry::BorderRule{}), expected[i]) << frame.id;
    }
}

TEST(SemanticKitti, RoadLiesWhereItWasMeasured) {
    DISTILLAR_DATA_OR_SKIP(data);
    for (const std::string name : {"00", "07", "90"}) {
        const auto frame = datasets::open_dataset(sequence(data, name))->read(0);
        const double height =
            frame.labels.empty() ? test::road_height(frame) : test::median_height(frame, 40, 15);
        EXPECT_GT(height, -1.83) << name;
        EXPECT_LT(height, -1.66) << name;
    }
}

TEST(SemanticKitti, ColumnFourOfP2IsFoldedExactly) {
    DISTILLAR_DATA_OR_SKIP(data);
    const auto frame = datasets::open_dataset(sequence(data, "90"))->read(3);
    const auto view = view_of(frame, "image_2");
    Eigen::Matrix<double, 3, 4> p2;
    p2 << 7.215377e+02, 0, 6.095593e+02, 4.485728e+01, 0, 7.215377e+02, 1.728540e+02, 2.163791e-01,
        0, 0, 1, 2.745884e-03;
    Eigen::Matrix4d tr;
    tr << 2.347736981471e-04, -9.999441545438e-01, -1.056347781105e-02, -2.796816941295e-03,
        1.044940741659e-02, 1.056535364138e-02, -9.998895741176e-01, -7.510879138296e-02,
        9.999453885620e-01, 1.243653783865e-04, 1.045130299567e-02, -2.721327964059e-01, 0, 0, 0, 1;
    const auto seen =
        geometry::project(frame.points, view.camera, view.T_camera_lidar, view.border);
    for (const auto& pixel : seen) {
        const Eigen::Vector3d image =
            p2 * tr * frame.points.row(pixel.point).transpose().homogeneous();
        ASSERT_NEAR(image.x() / image.z(), pixel.u, 1e-3);
        ASSERT_NEAR(image.y() / image.z(), pixel.v, 1e-3);
    }
}

TEST(SemanticKitti, RecognisedByItsCalibration) {
    DISTILLAR_DATA_OR_SKIP(data);
    using Names = std::vector<std::string>;
    EXPECT_EQ(datasets::recognise(data / "semantickitti"), Names{"semantickitti"});
    EXPECT_EQ(datasets::recognise(data / "semantickitti/sequences"), Names{"semantickitti"});
    const auto dataset = test::open(data / "semantickitti");
    EXPECT_EQ(dataset->size(), 19U);
    EXPECT_EQ(dataset->label_layout(), "label");
    EXPECT_EQ(dataset->label_names().at(40), "road");
    auto selection = select(data / "semantickitti");
    selection.split = "train";
    EXPECT_EQ(datasets::open_dataset(selection)->size(), 3U);
    selection.split = "val";
    EXPECT_NE(error_of([&] { datasets::open_dataset(selection); }).find("'val'"),
              std::string::npos);
}

TEST(SemanticKitti, LooksLikeOthersWithoutCalibration) {
    const test::TemporaryFolder folder;
    write_sequence(folder / "sequences/00", false);
    const auto message = error_of([&] { test::open(folder.path()); });
    EXPECT_NE(message.find("semantickitti or synlidar or semanticposs"), std::string::npos);
    EXPECT_NE(message.find("--format"), std::string::npos);
    EXPECT_EQ(test::open(folder.path(), "semantickitti")->size(), 2U);
    std::filesystem::create_directories(folder / "sequences/00/tag");
    EXPECT_NE(error_of([&] { test::open(folder.path()); }).find("no reader"), std::string::npos);
}

TEST(SemanticKitti, CalibrationMayStandApart) {
    const test::TemporaryFolder folder;
    write_sequence(folder / "dataset/sequences/00", true);
    std::filesystem::create_directories(folder / "calib/dataset/sequences/00");
    std::filesystem::rename(folder / "dataset/sequences/00/calib.txt",
                            folder / "calib/dataset/sequences/00/calib.txt");
    for (const auto& path : {folder.path(), folder / "dataset"}) {
        const auto frame = test::open(path)->read(0);
        const auto view = view_of(frame, "image_2");
        EXPECT_EQ(view.camera.width, 64);
        // Points (2 + i, 0.5 i, -1.5): u = (32 * -0.5 i + 32 (2 + i) + 3.2) / (2.1 + i).
        const auto seen =
            geometry::project(frame.points, view.camera, view.T_camera_lidar, view.border);
        ASSERT_FALSE(seen.empty());
        for (const auto& pixel : seen) {
            const double i = pixel.point;
            EXPECT_NEAR(pixel.u, (-16 * i + 32 * (2 + i) + 3.2) / (2.1 + i), 1e-4);
        }
    }
}

TEST(SemanticKitti, MissingThingsMatterOnlyWhenAskedFor) {
    const test::TemporaryFolder folder;
    const auto sequence_00 = folder / "sequences/00";
    write_sequence(sequence_00, true);
    std::filesystem::remove(sequence_00 / "labels/000001.label");
    std::filesystem::remove(sequence_00 / "image_2/000001.png");
    auto selection = select(folder.path());
    const auto dataset = datasets::open_dataset(selection);
    EXPECT_TRUE(dataset->labelled(0));
    EXPECT_FALSE(dataset->labelled(1));
    EXPECT_EQ(dataset->read(0).views.size(), 1U);
    EXPECT_TRUE(dataset->read(1).views.empty());
    EXPECT_TRUE(dataset->read(1).labels.empty());
    selection.cameras = {"image_2"};
    const auto strict = datasets::open_dataset(selection);
    EXPECT_EQ(strict->read(0).views.size(), 1U);
    EXPECT_NE(error_of([&] { strict->read(1); }).find("image_2/000001.png"), std::string::npos);
    selection.cameras = {"image_3"};
    EXPECT_NE(error_of([&] { datasets::open_dataset(selection); }).find("There are: image_2"),
              std::string::npos);
    selection.cameras = {"image_2"};
    selection.format = "semantickitti";
    std::filesystem::remove(sequence_00 / "calib.txt");
    EXPECT_NE(error_of([&] { datasets::open_dataset(selection)->read(0); }).find("calib.txt"),
              std::string::npos);
}

TEST(SemanticKitti, BrokenFilesAreNamed) {
    const test::TemporaryFolder folder;
    const auto sequence_00 = folder / "sequences/00";
    write_sequence(sequence_00, true);
    const auto failure = [&] {
        return error_of([&] { test::open(folder.path(), "semantickitti")->read(0); });
    };
    formats::write_kitti_labels(sequence_00 / "labels/000000.label",
                                std::vector<std::uint32_t>{10, 40, 48, 70});
    EXPECT_NE(failure().find("000000.label"), std::string::npos);
    std::filesystem::remove(sequence_00 / "labels/000000.label");

    auto cloud = test::line_of_points(3);
    cloud.points.setConstant(std::numeric_limits<double>::quiet_NaN());
    formats::write_kitti_bin(sequence_00 / "velodyne/000000.bin", cloud);
    EXPECT_NE(failure().find("not one finite point"), std::string::npos);
    cloud = test::line_of_points(3);
    formats::write_kitti_bin(sequence_00 / "velodyne/000000.bin", cloud);

    test::write_bytes(sequence_00 / "calib.txt", "P2: 1 2 3\nTr: 0 -1 0 0 0 0 -1 0 1 0 0 0\n");
    EXPECT_NE(failure().find("'P2:' has 3 numbers"), std::string::npos);
    test::write_bytes(sequence_00 / "calib.txt", "P2: 32 0 32 0 0 32 16 0 0 0 1 0\n");
    EXPECT_NE(failure().find("'Tr:' is missing"), std::string::npos);
    test::write_bytes(sequence_00 / "calib.txt",
                      "P2: 32 0 32 0 0 32 16 0 0 0 1 0\nTr: 0 -2 0 0 0 0 -1 0 1 0 0 0\n");
    EXPECT_NE(failure().find("not a rotation"), std::string::npos);
    test::write_bytes(sequence_00 / "calib.txt", "P2: 32 zero\n");
    EXPECT_NE(failure().find("line 1"), std::string::npos);
}

TEST(SemanticKitti, NonFinitePointsAreDroppedAndCounted) {
    const test::TemporaryFolder folder;
    const auto sequence_00 = folder / "sequences/00";
    write_sequence(sequence_00, true);
    auto cloud = test::line_of_points(5);
    cloud.points(1, 2) = std::numeric_limits<double>::infinity();
    cloud.points(3, 0) = 1e30;                                     // as good as infinite
    cloud.intensity[2] = std::numeric_limits<float>::quiet_NaN();  // its point stays
    formats::write_kitti_bin(sequence_00 / "velodyne/000000.bin", cloud);
    const auto frame = test::open(folder.path())->read(0);
    EXPECT_EQ(frame.file_points, 5U);
    EXPECT_EQ(frame.dropped, 2U);
    EXPECT_EQ(frame.labels, (std::vector<std::uint32_t>{10, 48, 0}));
    EXPECT_EQ(frame.file_rows, (std::vector<std::uint32_t>{0, 2, 4}));
    EXPECT_EQ(datasets::spread_to_file(frame, {7, 8, 9}),
              (std::vector<std::uint32_t>{7, 0, 8, 0, 9}));
}

TEST(KittiObject, OneFrame) {
    DISTILLAR_DATA_OR_SKIP(data);
    const auto dataset = test::open(data / "kitti_object");
    ASSERT_EQ(dataset->size(), 1U);
    EXPECT_EQ(dataset->format(), "kitti");
    EXPECT_EQ(dataset->id(0), "training/000000");
    EXPECT_EQ(dataset->label_layout(), "");
    EXPECT_FALSE(dataset->labelled(0));
    const auto frame = dataset->read(0);
    const auto view = view_of(frame, "image_2");
    EXPECT_EQ(frame.points.rows(), 115384);
    EXPECT_EQ(view.camera.width, 1224);
    EXPECT_EQ(view.camera.height, 370);
    EXPECT_EQ(points_in(frame, view), 20222U);  // checked once in numpy
    const double road = test::road_height(frame);
    EXPECT_GT(road, -1.85);
    EXPECT_LT(road, -1.6);
    EXPECT_EQ(test::open(data / "kitti_object/training")->id(0), "training/000000");
    auto selection = select(data / "kitti_object");
    selection.split = "test";
    EXPECT_NE(error_of([&] { datasets::open_dataset(selection); }).find("nothing is selected"),
              std::string::npos);
    selection = select(data / "kitti_object");
    selection.sequences = {"testing"};
    EXPECT_NE(error_of([&] { datasets::open_dataset(selection); }).find("'training'"),
              std::string::npos);
}
