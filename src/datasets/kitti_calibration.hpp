#pragma once
/// Private to datasets: KITTI's calibration text, "KEY: numbers" a line.
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "geometry/camera.hpp"
#include "geometry/preprocess.hpp"

namespace distillar::datasets {

/// All lines whose values are numbers. @throws base::Error naming the line of a broken one.
std::map<std::string, std::vector<double>> read_kitti_calibration(
    const std::filesystem::path& file);

/// The rigid transform (3 x 4) of the line `key`. @throws base::Error naming the file and the key.
geometry::Pose kitti_transform(const std::filesystem::path& file, const std::string& key);

/// What a KITTI camera needs: u = P (R Tr p), folded into a pinhole camera and one rigid transform.
struct KittiCamera {
    geometry::Camera camera;  ///< without width and height
    geometry::Pose T_camera_lidar;
};

/// P2 (3 x 4) times `lidar_key` (3 x 4), with R0_rect between where the file has it. P2's fourth
/// column goes into the transform: P = K [I | K^-1 p4], exact because K's last row is (0, 0, 1).
/// @param lidar_key  "Tr" (odometry, SemanticKITTI) or "Tr_velo_to_cam" (object).
/// @throws base::Error naming the file and the key.
KittiCamera kitti_camera_2(const std::filesystem::path& file, const char* lidar_key);

/// SemanticKITTI's published border: lidar x > 1 m, strictly inside the image.
geometry::BorderRule kitti_border();

/// Mean and deviation of KITTI's remission (ScaLR), and the height of the lidar (metres).
geometry::IntensityScale kitti_intensity();
inline constexpr float kitti_height = 1.73F;

}  // namespace distillar::datasets
