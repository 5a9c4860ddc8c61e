#pragma once
#include <functional>

#include "simulation/rendering/scene.hpp"
#include "simulation/sensors/frame.hpp"
#include "simulation/sensors/lidar_model.hpp"

namespace distillar::simulation {

/// A span of time that a scene covers, and the sensor's pose in it.
struct Sweep {
    double time = 0;                                            ///< the frame's time, seconds
    double scene_begin = 0;                                     ///< seconds at Ray::time 0
    double scene_end = 1;                                       ///< and 1
    geometry::Pose T_world_scene = geometry::Pose::Identity();  ///< a translation
    /// T_world_sensor at a time in seconds. Called from several threads.
    std::function<geometry::Pose(double)> pose;
};

/// One scan: fires from model.first_time() to model.last_time() around the sweep's time, when a
/// spinning lidar looks straight ahead. The same bits for any number of threads: random numbers are
/// addressed by (seed, frame, column and beam). Two lidars of one vehicle need different seeds.
/// Things stand still outside the scene's span of time.
LidarScan scan(const Scene& scene, const LidarModel& lidar, const Sweep& sweep, std::uint64_t seed,
               std::uint64_t frame);

/// The points as if all had been measured at the sweep's time: in the sensor's frame of that time.
/// Data sets publish such points (SemanticKITTI, nuScenes; PandaSet in world coordinates).
geometry::Points deskewed(const LidarScan& scan, const Sweep& sweep);

}  // namespace distillar::simulation
