#pragma once
#include <vector>

#include "formats/image.hpp"
#include "geometry/points.hpp"
#include "simulation/category.hpp"

namespace distillar::simulation {

/// One lidar's scan, in the order of firing. N points each.
struct LidarScan {
    geometry::Points points;       ///< metres, sensor frame at the point's own firing time
    std::vector<float> intensity;  ///< in the sensor's own scale
    std::vector<std::uint16_t> ring;
    std::vector<float> time;  ///< seconds after the frame's time (may be negative)
    std::vector<Category> category;
    std::vector<std::uint8_t> moving;                           ///< 1: the thing moves
    std::vector<std::uint32_t> instance;                        ///< 0: no countable thing
    geometry::Pose T_world_lidar = geometry::Pose::Identity();  ///< at the frame's time
};

/// One camera's picture with the truth per pixel, row-major.
struct CameraShot {
    formats::Image image;
    std::vector<Category> category;
    std::vector<std::uint8_t> moving;
    std::vector<std::uint32_t> instance;
    double time = 0;                                              ///< seconds since the log began
    geometry::Pose T_world_camera = geometry::Pose::Identity();   ///< at exposure
    geometry::Pose T_world_vehicle = geometry::Pose::Identity();  ///< at exposure
};

/// What one vehicle saw around one moment. Sensors in the rig's order.
struct SimulatedFrame {
    int number = 0;
    double time = 0;  ///< seconds since the log began
    geometry::Pose T_world_vehicle = geometry::Pose::Identity();
    std::vector<LidarScan> lidars;
    std::vector<CameraShot> cameras;
};

}  // namespace distillar::simulation
