#pragma once
/// Private to render.cpp: light at one point.
#include <span>

#include "simulation/rendering/scene.hpp"
#include "simulation/rendering/weather.hpp"

namespace distillar::simulation {

/// One ray's answer.
struct Shade {
    Eigen::Vector3f direct = Eigen::Vector3f::Zero();   ///< radiance without sky light
    Eigen::Vector3f ambient = Eigen::Vector3f::Zero();  ///< radiance of unoccluded sky light
    Eigen::Vector3f haze = Eigen::Vector3f::Zero();     ///< added by the air between
    Category category = Category::sky;
    std::uint32_t instance = 0;
    bool moving = false;
    float distance = 1e4F;
    Eigen::Vector3f position = Eigen::Vector3f::Zero();
    Eigen::Vector3f normal = Eigen::Vector3f::Zero();  ///< zero: sky
    std::uint32_t key = 0;  ///< differs between surfaces: where pixels need more rays
};

/// Answers to a row of rays. @param pixel_angle  radians that one pixel spans.
void shade(const Scene& scene, const Weather& weather, std::span<const Ray> rays, float pixel_angle,
           std::span<Shade> shades);

/// A short ray towards the sky from a point; the sky is open if nothing is met. @param first,
/// second  in [0, 1): where on the hemisphere, more often where its light counts more.
Ray sky_ray(const Shade& at, float time, float first, float second);

}  // namespace distillar::simulation
