#pragma once
/// Private to lidar.cpp: one pulse, from the sensor to a surface and back.
#include <optional>

#include "base/random.hpp"
#include "simulation/rendering/scene.hpp"
#include "simulation/sensors/lidar_model.hpp"

namespace distillar::simulation {

/// Where a beam points when it fires, in the sensor's frame.
struct Aim {
    double azimuth = 0, elevation = 0;  ///< radians
    float height = 0;                   ///< metres, of the origin
};

/// What comes back.
struct Echo {
    float distance = 0;  ///< metres, true
    float reflectivity = 0;
    float strength = 0;  ///< reflectivity, angle and distance: see configs/sensors/hdl64e.yaml
    Category category = Category::unlabelled;
    bool moving = false;
    std::uint32_t instance = 0;
};

/// Unit vector: x forward, y left, z up.
Eigen::Vector3f direction_of(double azimuth, double elevation);

/// The echo of the vehicle's own parts; `blocked` tells whether one is in the way.
struct OwnEcho {
    bool blocked = false;
    std::optional<Echo> echo;
};
OwnEcho own_echo(const LidarModel& model, const Aim& aim, base::Random& random);

/// @param T_scene_sensor  at the firing time; `time` is the scene's, 0..1.
/// @return nothing if the pulse is lost: sky, dark, far, grazing or mirroring surfaces, glass.
std::optional<Echo> find_echo(const Scene& scene, const LidarModel& model,
                              const Eigen::Isometry3f& T_scene_sensor, const Aim& aim, float time,
                              base::Random& random);

/// What is written for an echo. `gain` and `offset` are the beam's own.
float measured_distance(const LidarModel& model, float distance, float offset,
                        base::Random& random);
float measured_intensity(const LidarModel& model, const Echo& echo, float gain,
                         base::Random& random);

}  // namespace distillar::simulation
