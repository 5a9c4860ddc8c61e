#pragma once
#include <Eigen/Core>
#include <cstdint>

namespace distillar::simulation {

/// Light of one drive. Radiance is linear RGB; white paper in clear sunlight has about 1.
struct Weather {
    Eigen::Vector3f to_sun = Eigen::Vector3f(0.5F, 0.3F, 0.8F).normalized();
    Eigen::Vector3f sun = Eigen::Vector3f::Constant(0.8F);  ///< irradiance / pi
    Eigen::Vector3f zenith, horizon;                        ///< radiance of the sky
    Eigen::Vector3f ambient;  ///< of the whole sky on level ground, irradiance / pi
    float clouds = 0.3F;      ///< share of the sky
    float visibility = 1500;  ///< metres: haze takes 63 % of contrast there
    std::uint32_t seed = 0;
};

/// Sun, clouds and haze drawn from a seed.
Weather make_weather(std::uint64_t seed);

/// Radiance of the sky in a direction (unit, world).
Eigen::Vector3f sky_radiance(const Weather& weather, const Eigen::Vector3f& direction);

/// Light of sky and lit ground that falls on a surface with this normal, irradiance / pi.
Eigen::Vector3f ambient_light(const Weather& weather, const Eigen::Vector3f& normal);

}  // namespace distillar::simulation
