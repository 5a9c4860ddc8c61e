#pragma once
/// Rigs and a city for quick looks.
#include <numbers>

#include "simulation/sensors/rig.hpp"
#include "simulation/streets/city.hpp"

namespace distillar::test {

/// Blocks that are soon built, and much traffic.
inline simulation::City small_city() {
    simulation::City city = simulation::load_city("c");
    city.blocks.length = {150, 150};
    city.blocks.kinds = {{"plaza", 1}};
    city.traffic.per_lane = 4;
    return city;
}

/// Sweeps `degrees` around straight ahead in a tenth of a second. No noise, no beam width: what
/// differs between lidar and camera is geometry or time.
inline simulation::LidarModel plain_lidar(double degrees, int columns) {
    constexpr double radian = std::numbers::pi / 180;
    simulation::LidarModel lidar;
    lidar.name = "plain";
    lidar.columns = columns;
    lidar.period = 0.1;
    lidar.column_time = lidar.period / columns;
    lidar.begin_time = -lidar.period / 2;
    lidar.azimuth_begin = -degrees / 2 * radian;
    lidar.azimuth_step = degrees * radian / columns;
    for (int ring = 0; ring < 32; ++ring) {
        lidar.beams.push_back({static_cast<float>((2 - 20.0 * ring / 31) * radian), 0, 0, 0,
                               static_cast<std::uint16_t>(ring)});
    }
    lidar.min_range = 1;
    lidar.range_noise = 0;
    lidar.max_range = 100;
    lidar.dark_range = 80;
    return lidar;
}

/// A lidar and a narrow front camera whose pixels are as fine as KITTI's.
inline simulation::Rig small_rig(const simulation::LidarModel& lidar = plain_lidar(360, 300),
                                 int width = 120, int height = 60) {
    simulation::Rig rig;
    rig.name = "small";
    rig.interval = 0.1;
    rig.lidars.push_back(
        {"lidar", lidar, {}, simulation::pose_from_angles({0.8, 0, 1.75}, 0, 0, 0)});
    geometry::Pose look_ahead = geometry::Pose::Identity();
    look_ahead.linear() << 0, 0, 1, -1, 0, 0, 0, -1, 0;
    simulation::CameraMount camera;
    camera.name = "front";
    camera.camera = {.width = width, .height = height, .fx = 720, .fy = 720};
    camera.camera.cx = width / 2.0;
    camera.camera.cy = 0.4 * height;
    camera.T_vehicle_camera = simulation::pose_from_angles({1.1, 0.1, 1.65}, 1, 0, 0) * look_ahead;
    rig.cameras.push_back(camera);
    return rig;
}

}  // namespace distillar::test
