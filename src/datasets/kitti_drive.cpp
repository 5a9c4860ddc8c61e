#include "datasets/kitti_drive.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "datasets/kitti_calibration.hpp"
#include "datasets/trajectory.hpp"

namespace distillar::datasets {

namespace fs = std::filesystem;

namespace {

constexpr const char* poses_name = "poses.txt";
constexpr const char* times_name = "times.txt";

std::vector<geometry::Pose> lidar_poses(const fs::path& file, const fs::path& calibration) {
    const geometry::Pose T_camera_lidar = kitti_transform(calibration, "Tr");
    // The general inverse: the file's rotation is one only to its digits.
    const geometry::Pose T_lidar_camera = T_camera_lidar.inverse(Eigen::Affine);
    auto poses = read_poses(file);
    for (auto& pose : poses) {
        pose = T_lidar_camera * pose * T_camera_lidar;
    }
    return poses;
}

void require_line(const fs::path& file, const char* what, std::size_t lines, std::size_t number) {
    if (number >= lines) {
        base::fail_in(file, "has {} {}, none for scan {}; write one a line, the first for scan 0",
                      lines, what, number);
    }
}

}  // namespace

std::size_t KittiDrive::line_of(const fs::path& scan) const {
    if (!T_world_lidar && !times) {
        return 0;
    }
    const auto number = base::parse_integer(scan.stem().string(), scan.string());
    if (number < 0) {
        base::fail_in(scan, "a scan's name must be its number, its line in {} and {}", poses_name,
                      times_name);
    }
    const auto line = static_cast<std::size_t>(number);
    if (T_world_lidar) {
        require_line(folder / poses_name, "poses", T_world_lidar->size(), line);
    }
    if (times) {
        require_line(folder / times_name, "times", times->size(), line);
    }
    return line;
}

KittiDrive read_kitti_drive(const fs::path& folder, const std::optional<fs::path>& calibration) {
    KittiDrive drive{folder, std::nullopt, std::nullopt};
    if (calibration && fs::is_regular_file(folder / poses_name)) {
        drive.T_world_lidar = lidar_poses(folder / poses_name, *calibration);
    }
    if (fs::is_regular_file(folder / times_name)) {
        drive.times = read_times(folder / times_name);
    }
    return drive;
}

}  // namespace distillar::datasets
