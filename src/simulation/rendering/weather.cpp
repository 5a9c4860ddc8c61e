#include "simulation/rendering/weather.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/random.hpp"
#include "simulation/shapes/noise.hpp"

namespace distillar::simulation {

using Eigen::Vector3f;

Weather make_weather(std::uint64_t seed) {
    base::Random random(seed, 0, 0, 0x5ead);
    Weather weather;
    weather.seed = random.next();
    const double kind = random.uniform();
    const double overcast = kind < 0.3 ? random.uniform(0.85, 1) : random.uniform(0, 0.35);
    const double elevation = random.uniform(0.45, 1.05);
    const double azimuth = random.uniform(0, 2 * std::numbers::pi);
    weather.to_sun = Vector3f(static_cast<float>(std::cos(elevation) * std::cos(azimuth)),
                              static_cast<float>(std::cos(elevation) * std::sin(azimuth)),
                              static_cast<float>(std::sin(elevation)));
    weather.clouds = static_cast<float>(kind < 0.3 ? 1 : random.uniform(0.05, 0.6));
    weather.visibility = static_cast<float>(random.uniform(900, 4000));
    const auto cloudy = static_cast<float>(overcast);
    const auto low = static_cast<float>(std::clamp((0.8 - elevation) / 0.5, 0.0, 1.0));
    const Vector3f warm = Vector3f(1.0F, 0.95F, 0.87F) - low * Vector3f(0, 0.06F, 0.14F);
    weather.sun = (1 - cloudy) * 0.95F * warm;
    const Vector3f blue_zenith(0.17F, 0.32F, 0.62F), blue_horizon(0.62F, 0.74F, 0.88F);
    const Vector3f grey_zenith(0.62F, 0.65F, 0.70F), grey_horizon(0.78F, 0.80F, 0.82F);
    weather.zenith = blue_zenith + cloudy * (grey_zenith - blue_zenith);
    weather.horizon = blue_horizon + cloudy * (grey_horizon - blue_horizon);
    weather.ambient = (0.22F + 0.28F * cloudy) * (0.6F * weather.zenith + 0.6F * weather.horizon);
    return weather;
}

Vector3f sky_radiance(const Weather& weather, const Vector3f& direction) {
    const float up = std::max(direction.z(), 0.0F);
    Vector3f sky =
        weather.horizon + (1 - std::exp(-3.2F * up)) * (weather.zenith - weather.horizon);
    if (up > 0.01F && weather.clouds > 0) {  // a flat layer, seen in perspective
        const Eigen::Vector2f place = direction.head<2>() / (up + 0.12F) * 1.3F;
        const float shape = fractal_noise(place, weather.seed, 5);
        const float limit = 0.55F - 1.1F * weather.clouds;
        const float cover =
            std::clamp((shape - limit) / 0.35F, 0.0F, 1.0F) * std::clamp(up / 0.12F, 0.0F, 1.0F);
        const float core = std::clamp((shape - limit) / 0.9F, 0.0F, 1.0F);
        const float white = 0.98F - 0.3F * core * (0.4F + 0.6F * weather.clouds);
        sky += 0.9F * cover * (Vector3f(white, white, 1.02F * white) - sky);
    }
    const float towards = std::max(direction.dot(weather.to_sun), 0.0F);
    sky += weather.sun * (0.25F * std::pow(towards, 24.0F) + 6 * std::pow(towards, 1500.0F));
    return sky;
}

Vector3f ambient_light(const Weather& weather, const Vector3f& normal) {
    const float up = 0.5F + 0.5F * normal.z();
    const Vector3f lit = weather.ambient + std::max(weather.to_sun.z(), 0.0F) * weather.sun;
    const Vector3f ground = 0.17F * lit;  // light that streets throw back
    return weather.ambient * (0.25F + 0.75F * up) + ground * (1 - up);
}

}  // namespace distillar::simulation
