#include "simulation/rendering/shading.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "simulation/shapes/noise.hpp"

namespace distillar::simulation {

using Eigen::Vector3f;

namespace {

constexpr float lift = 0.004F;  ///< metres: rays start that far above their surface

bool is_foliage(const Hit& hit) {
    const Material material = hit.surface.material;
    return material == Material::leaves || material == Material::needles ||
           material == Material::hedge;
}

/// Share of sunlight that a surface takes if nothing stands between; leaves let light through.
float sun_share(const Weather& weather, const Hit& hit) {
    if (weather.sun.maxCoeff() < 0.01F) {
        return 0;
    }
    const float facing = std::max(hit.normal.dot(weather.to_sun), 0.0F);
    return is_foliage(hit) ? 0.25F + 0.6F * facing : facing;
}

/// What a mirror shows: the sky, or the lit colour of what stands there, without further rays.
Vector3f reflected(const Scene& scene, const Weather& weather, const Hit& hit,
                   const Vector3f& direction, float time) {
    const Vector3f away = direction - 2 * direction.dot(hit.normal) * hit.normal;
    const auto met = scene.trace({hit.position + lift * hit.face, away, time, 0.02F, 150});
    if (!met) {
        return sky_radiance(weather, away);
    }
    const Appearance look = appearance(*met, 0.2F);
    const float facing = std::max(met->normal.dot(weather.to_sun), 0.0F);
    return look.albedo.cwiseProduct(ambient_light(weather, met->normal) +
                                    0.6F * facing * weather.sun);
}

/// Leaves are one surface: a crown's rim gets more rays, not every leaf.
std::uint32_t key_of(const Hit& hit, Category category) {
    if (is_foliage(hit)) {
        return 1;
    }
    const auto quantised = (hit.face * 2.9F).array().round().cast<int>().eval();
    return hash(static_cast<std::uint32_t>(category) * 256 +
                    static_cast<std::uint32_t>(hit.surface.material),
                hit.paint,
                static_cast<std::uint32_t>(quantised[0] * 100 + quantised[1] * 10 + quantised[2]));
}

/// Air between eye and surface takes contrast and adds its own light.
void add_haze(const Weather& weather, const Ray& ray, float distance, Shade& shade) {
    const float clear = std::exp(-distance / weather.visibility);
    const float towards = std::max(ray.direction.dot(weather.to_sun), 0.0F);
    shade.haze =
        (1 - clear) * (0.85F * weather.horizon + 0.3F * std::pow(towards, 8.0F) * weather.sun);
    shade.direct *= clear;
    shade.ambient *= clear;
}

Shade shade_hit(const Scene& scene, const Weather& weather, const Ray& ray, const Hit& hit,
                float sun, float pixel_angle) {
    Shade result;
    const float slant = std::max(-hit.face.dot(ray.direction), 0.05F);
    const float footprint = hit.distance * pixel_angle / std::sqrt(slant);
    const Appearance look = appearance(hit, footprint);
    result.category = look.category.value_or(hit.surface.category);
    result.instance = hit.instance;
    result.moving = hit.moving;
    result.distance = hit.distance;
    result.position = hit.position + lift * hit.face;
    result.normal = hit.normal;
    result.key = key_of(hit, result.category);
    result.direct = look.emission + sun * look.albedo.cwiseProduct(weather.sun);
    result.ambient = look.albedo.cwiseProduct(ambient_light(weather, hit.normal));
    if (look.mirror > 0.01F) {
        const float facing = std::clamp(-hit.normal.dot(ray.direction), 0.0F, 1.0F);
        const float share = look.mirror + (1 - look.mirror) * 0.7F * std::pow(1 - facing, 5.0F);
        result.direct = (1 - share) * result.direct +
                        share * reflected(scene, weather, hit, ray.direction, ray.time);
        result.ambient *= 1 - share;
    }
    add_haze(weather, ray, hit.distance, result);
    return result;
}

/// Wire mesh shows what lies behind most of it. Returns the mesh if the ray goes on through it.
std::optional<Hit> look_through_mesh(const Scene& scene, const Ray& ray, std::optional<Hit>& hit) {
    std::optional<Hit> mesh;
    for (int panes = 0; panes < 3 && hit && hit->surface.material == Material::wire_mesh; ++panes) {
        const auto place = (hit->uv * 97).array().floor().cast<int>().eval();
        const float chance =
            hash_unit(static_cast<std::uint32_t>(place[0]), static_cast<std::uint32_t>(place[1]));
        if (chance > appearance(*hit, 0).transmission) {
            break;
        }
        mesh = mesh ? mesh : hit;
        Ray further = ray;
        further.near = hit->distance + 0.01F;
        hit = scene.trace(further);
    }
    return mesh;
}

/// A fence is one thing with its holes, as Cityscapes' labels have it.
void label_as(const Hit& mesh, Shade& shade) {
    shade.category = mesh.surface.category;
    shade.instance = mesh.instance;
    shade.moving = mesh.moving;
}

}  // namespace

void shade(const Scene& scene, const Weather& weather, std::span<const Ray> rays, float pixel_angle,
           std::span<Shade> shades) {
    std::vector<std::optional<Hit>> hits(rays.size());
    scene.trace(rays, hits);
    std::vector<std::optional<Hit>> meshes(rays.size());
    for (std::size_t i = 0; i < rays.size(); ++i) {
        meshes[i] = look_through_mesh(scene, rays[i], hits[i]);
    }
    std::vector<Ray> to_sun;
    std::vector<float> sun(rays.size());
    for (std::size_t i = 0; i < rays.size(); ++i) {
        sun[i] = hits[i] ? sun_share(weather, *hits[i]) : 0;
        if (sun[i] > 0) {
            to_sun.push_back({hits[i]->position + lift * hits[i]->face, weather.to_sun,
                              rays[i].time, 0.01F, 400});
        }
    }
    std::vector<std::uint8_t> dark(to_sun.size());
    scene.occluded(to_sun, dark);
    auto next = dark.begin();
    for (std::size_t i = 0; i < rays.size(); ++i) {
        if (sun[i] > 0 && *next++ != 0) {
            sun[i] = 0;
        }
        if (hits[i]) {
            shades[i] = shade_hit(scene, weather, rays[i], *hits[i], sun[i], pixel_angle);
        } else {
            shades[i] = Shade{};
            shades[i].direct = sky_radiance(weather, rays[i].direction);
        }
        if (meshes[i]) {
            label_as(*meshes[i], shades[i]);
        }
    }
}

Ray sky_ray(const Shade& at, float time, float first, float second) {
    const float radius = std::sqrt(first);
    const float angle = 2 * std::numbers::pi_v<float> * second;
    const Vector3f helper = std::abs(at.normal.z()) < 0.9F ? Vector3f(0, 0, 1) : Vector3f(1, 0, 0);
    const Vector3f u = helper.cross(at.normal).normalized(), v = at.normal.cross(u);
    const Vector3f direction = (radius * std::cos(angle) * u + radius * std::sin(angle) * v +
                                std::sqrt(1 - first) * at.normal)
                                   .normalized();
    return {at.position, direction, time, 0.01F, 5};
}

}  // namespace distillar::simulation
