#include "simulation/sensors/lidar_shot.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace distillar::simulation {

namespace {

constexpr float reference_reflectivity = 0.1F;
constexpr float speckle = 0.35F;    ///< spread of the logarithm of an echo's strength
constexpr float pane_loss = 0.5F;   ///< share of pulses that a pane mirrors away
constexpr float mirroring = 0.03F;  ///< more than this and a surface that lets light pass is glass
constexpr float room_depth = 6;     ///< metres: no light comes back from deeper inside a building
constexpr float pane_thickness = 1e-3F;
constexpr int most_panes = 4;
constexpr float own_reflectivity = 0.3F;  ///< of the vehicle

float rounded(float value, float step) {
    return step > 0 ? std::round(value / step) * step : value;
}

float normal(base::Random& random) {
    return static_cast<float>(random.normal());
}

/// Echo strength of `reflectivity` met head on at `distance`.
float reference_strength(float distance) {
    return reference_reflectivity / (distance * distance);
}

/// The aim, moved within the beam's width: edges return from one side or the other.
Eigen::Vector3f sampled_direction(const LidarModel& model, const Aim& aim, base::Random& random) {
    if (model.divergence <= 0) {
        return direction_of(aim.azimuth, aim.elevation);
    }
    const double spread = static_cast<double>(model.divergence);
    return direction_of(aim.azimuth + spread * random.normal(),
                        aim.elevation + spread * random.normal());
}

/// Natural surfaces are rough: the echo falls with the root of the cosine. Polished ones mirror
/// most of the light away unless they are met head on. Retroreflectors send it back whence it came.
Echo echo_of(const Hit& hit, const Appearance& look, const Eigen::Vector3f& direction) {
    const float cosine = std::clamp(-hit.normal.dot(direction), 0.0F, 1.0F);
    const bool retroreflector = look.reflectivity > 1, polished = look.mirror > mirroring;
    const float angle = retroreflector || polished ? 1.0F : std::sqrt(cosine);
    Echo echo;
    echo.distance = hit.distance;
    echo.reflectivity = look.reflectivity;
    if (polished && !retroreflector) {
        echo.reflectivity *= cosine * cosine;
    }
    echo.strength = echo.reflectivity * angle / (hit.distance * hit.distance);
    echo.category = look.category.value_or(hit.surface.category);
    echo.moving = hit.moving;
    echo.instance = hit.instance;
    return echo;
}

}  // namespace

Eigen::Vector3f direction_of(double azimuth, double elevation) {
    const double level = std::cos(elevation);
    return Eigen::Vector3d(level * std::cos(azimuth), level * std::sin(azimuth),
                           std::sin(elevation))
        .cast<float>();
}

OwnEcho own_echo(const LidarModel& model, const Aim& aim, base::Random& random) {
    constexpr double turn = 2 * std::numbers::pi;
    OwnEcho echo;
    for (const LidarModel::Body& body : model.bodies) {
        const double from = static_cast<double>(body.azimuth_from);
        const double turns = (aim.azimuth - from) / turn;
        const double beyond = (turns - std::floor(turns)) * turn;
        if (aim.elevation >= static_cast<double>(body.below) ||
            beyond > static_cast<double>(body.azimuth_to) - from) {
            continue;
        }
        echo.blocked = true;
        if (body.far > 0) {
            echo.echo = Echo{static_cast<float>(random.uniform(static_cast<double>(body.near),
                                                               static_cast<double>(body.far))),
                             own_reflectivity,
                             1,
                             Category::unlabelled,
                             false,
                             0};
        }
        return echo;
    }
    return echo;
}

std::optional<Echo> find_echo(const Scene& scene, const LidarModel& model,
                              const Eigen::Isometry3f& T_scene_sensor, const Aim& aim, float time,
                              base::Random& random) {
    if (random.chance(static_cast<double>(model.dropout))) {
        return std::nullopt;
    }
    Ray ray;
    ray.origin = T_scene_sensor * Eigen::Vector3f(0, 0, aim.height);
    ray.direction = T_scene_sensor.linear() * sampled_direction(model, aim, random);
    ray.time = time;
    ray.near = model.min_range;
    ray.far = model.max_range;
    const float least = reference_strength(model.dark_range);
    for (int pane = 0; pane < most_panes; ++pane) {
        const auto hit = scene.trace(ray);
        if (!hit) {
            return std::nullopt;
        }
        const Appearance look =
            appearance(*hit, 2 * std::max(model.divergence, 5e-4F) * hit->distance);
        if (look.transmission <= 0 || !random.chance(static_cast<double>(look.transmission))) {
            const Echo echo = echo_of(*hit, look, ray.direction);
            return echo.strength * std::exp(speckle * normal(random)) > least ? std::optional(echo)
                                                                              : std::nullopt;
        }
        if (look.mirror > mirroring && random.chance(static_cast<double>(pane_loss))) {
            return std::nullopt;
        }
        ray.near = hit->distance + pane_thickness;
        if (hit->surface.category == Category::building) {
            ray.far = std::min(ray.far, hit->distance + room_depth);
        }
    }
    return std::nullopt;
}

float measured_distance(const LidarModel& model, float distance, float offset,
                        base::Random& random) {
    return rounded(distance + offset + model.range_noise * normal(random), model.range_step);
}

float measured_intensity(const LidarModel& model, const Echo& echo, float gain,
                         base::Random& random) {
    const float share = std::min(1.0F, echo.strength / reference_strength(model.steady_range));
    const float seen = echo.reflectivity * std::pow(share, model.intensity_falloff) * gain *
                       std::exp(model.intensity_noise * normal(random));
    const float darkest = std::pow(model.intensity_darkest, model.intensity_contrast);
    const float bright = (std::pow(seen, model.intensity_contrast) - darkest) / (1 - darkest);
    const float value = model.intensity_scale * std::max(0.0F, bright);
    return std::min(rounded(value, model.intensity_step), model.intensity_max);
}

}  // namespace distillar::simulation
