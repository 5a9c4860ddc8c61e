#include <fstream>

#include "formats/kitti.hpp"
#include "simulation/writers/layout_writer.hpp"
#include "simulation/written.hpp"

namespace distillar {
namespace {

namespace fs = std::filesystem;

/// The numbers of a text file, line by line.
std::vector<std::vector<double>> numbers_in(const fs::path& file) {
    std::ifstream stream(file);
    std::vector<std::vector<double>> lines;
    for (std::string line; std::getline(stream, line);) {
        std::istringstream words(line);
        lines.emplace_back();
        for (double number; words >> number;) {
            lines.back().push_back(number);
        }
    }
    return lines;
}

TEST(SemanticKittiWriter, ReaderGivesTheSameFrames) {
    const test::TemporaryFolder out;
    const auto rig = test::small_rig("kitti");
    test::write_made(test::small_options(out / "kitti", ""), rig);
    const auto dataset = test::open_folder(out / "kitti");
    EXPECT_EQ(dataset->format(), "semantickitti");
    ASSERT_EQ(dataset->size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(dataset->id(i), "00/00000" + std::to_string(i));
        const auto made = test::made_frame(rig, static_cast<int>(i));
        const auto frame = dataset->read(i);
        test::expect_same_points(frame, made.lidars[0],
                                 simulation::semantickitti_labels(made.lidars[0]));
        test::expect_same_view(frame, made, rig, 0, true);
        test::expect_extras(out / "kitti/sequences/00/extras", made, rig, frame, 0);
        EXPECT_EQ(frame.sensor, "hdl64e");
    }
}

TEST(SemanticKittiWriter, InstancesAreInTheHighHalf) {
    const test::TemporaryFolder out;
    const auto rig = test::small_rig("kitti");
    test::write_made(test::small_options(out / "kitti", ""), rig);
    const auto labels = formats::read_kitti_labels(out / "kitti/sequences/00/labels/000001.label");
    const auto made = test::made_frame(rig, 1);
    for (std::size_t i = 0; i < labels.instance.size(); ++i) {
        EXPECT_EQ(labels.instance[i] == 0, made.lidars[0].instance[i] == 0);
    }
    EXPECT_EQ(labels.instance[5], 70005U - 65535U);
}

TEST(SemanticKittiWriter, PosesAreCameraZerosAsInTheOdometry) {
    const test::TemporaryFolder out;
    const auto rig = test::small_rig("kitti");
    auto options = test::small_options(out / "kitti", "");
    options.sequence = "07";
    options.start = 5;
    test::write_made(options, rig);
    const fs::path folder = out / "kitti/sequences/07";
    const auto times = numbers_in(folder / "times.txt");
    const auto poses = numbers_in(folder / "poses.txt");
    ASSERT_EQ(times.size(), 3U);
    ASSERT_EQ(poses.size(), 3U);
    std::ifstream stream(folder / "calib.txt");
    geometry::Pose Tr = geometry::Pose::Identity();
    int lines = 0;
    for (std::string line; std::getline(stream, line); ++lines) {
        std::istringstream words(line);
        std::string key;
        words >> key;
        std::vector<double> numbers((std::istream_iterator<double>(words)), {});
        ASSERT_EQ(numbers.size(), 12U) << key;
        if (key == "Tr:") {
            Tr = geometry::pose_from_rows(numbers, "Tr");
        }
    }
    EXPECT_EQ(lines, 5);
    const auto first = test::made_frame(rig, 5);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_NEAR(times[i].at(0), 0.1 * static_cast<double>(i), 1e-6);
        const auto made = test::made_frame(rig, 5 + static_cast<int>(i));
        // How SemanticKITTI's own tools bring a scan to the first one.
        const geometry::Pose T_first_scan =
            Tr.inverse() * geometry::pose_from_rows(poses[i], "pose") * Tr;
        EXPECT_TRUE(T_first_scan.isApprox(
            first.lidars[0].T_world_lidar.inverse() * made.lidars[0].T_world_lidar, 1e-9));
    }
}

TEST(SemanticKittiWriter, WithoutACameraThereIsStillACalibration) {
    const test::TemporaryFolder out;
    const auto rig = test::small_rig("hdl64e");
    test::write_made(test::small_options(out / "kitti", ""), rig);
    const auto dataset = test::open_folder(out / "kitti");
    EXPECT_EQ(dataset->format(), "semantickitti");
    EXPECT_TRUE(dataset->read(0).views.empty());
}

}  // namespace
}  // namespace distillar
