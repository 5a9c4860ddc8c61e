#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "geometry/camera.hpp"
#include "simulation/sensors/lidar_model.hpp"

namespace distillar::simulation {

/// A lidar on a vehicle. Vehicle frame: x forward, y left, z up, origin on the road below the rear
/// axle.
struct LidarMount {
    std::string name;  ///< "LIDAR_TOP"
    LidarModel model;
    std::filesystem::path file;  ///< of the model
    geometry::Pose T_vehicle_lidar = geometry::Pose::Identity();
};

struct CameraMount {
    std::string name;         ///< "image_2", "CAM_FRONT"
    geometry::Camera camera;  ///< pinhole
    geometry::Pose T_vehicle_camera =
        geometry::Pose::Identity();  ///< camera: x right, y down, z on
    double exposure_offset = 0;      ///< seconds after the frame's time
};

/// configs/rigs/NAME.yaml: the sensors of one vehicle.
struct Rig {
    std::string name;
    std::string title;           ///< readable
    std::filesystem::path file;  ///< where it was read from
    std::vector<LidarMount> lidars;
    std::vector<CameraMount> cameras;
    double interval = 0.1;             ///< seconds between frames
    std::vector<std::string> layouts;  ///< that can hold it; the first is the default
};

/// @param name  of a file in configs/rigs, or the path of any other file that ends in .yaml.
/// @throws base::Error with file, line and key; for an unknown name with the nearest one.
Rig load_rig(const std::string& name);

/// T_vehicle_body of a body (x forward, y left, z up) that was turned, in this order, by yaw to
/// the left, by pitch upward and by roll to the right. Degrees.
geometry::Pose pose_from_angles(const Eigen::Vector3d& position, double yaw, double pitch,
                                double roll);

}  // namespace distillar::simulation
