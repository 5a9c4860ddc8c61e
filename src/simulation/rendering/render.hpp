#pragma once
#include "geometry/camera.hpp"
#include "simulation/rendering/scene.hpp"
#include "simulation/rendering/weather.hpp"
#include "simulation/sensors/frame.hpp"

namespace distillar::simulation {

/// Where a camera stands at its exposure.
struct Exposure {
    geometry::Camera camera;  ///< pinhole
    geometry::Pose T_scene_camera = geometry::Pose::Identity();
    float time = 0;          ///< Ray::time
    std::uint64_t seed = 0;  ///< of the sensor's noise
};

/// A photograph with the truth per pixel, that of the ray through the pixel's middle, (column +
/// 0.5, row + 0.5). Sun with shadows, sky light with ambient occlusion, mirrors, haze; exposure is
/// set by the picture's own brightness, as cameras do. The same bits for any number of threads.
/// Poses and time of the shot are left to the caller.
CameraShot render(const Scene& scene, const Weather& weather, const Exposure& exposure);

}  // namespace distillar::simulation
