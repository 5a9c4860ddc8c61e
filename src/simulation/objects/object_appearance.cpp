#include <algorithm>
#include <cmath>

#include "simulation/objects/object_look.hpp"
#include "simulation/shapes/noise.hpp"

namespace distillar::simulation {

using Eigen::Vector3f;

namespace {

Appearance car_glass(const Hit& hit) {
    Appearance look;
    const float tint = 0.012F + 0.02F * hash_unit(hit.paint, 31);
    // Seats and the far side show through, darkly.
    const float inside = 0.5F + 0.5F * noise(Vector3f(hit.local * 3), 32);
    look.albedo = Vector3f(0.9F, 1.0F, 1.02F) * (tint + 0.02F * inside);
    look.mirror = 0.09F;
    look.reflectivity = 0.06F;
    look.transmission = 0.7F;
    return look;
}

Appearance rubber(const Hit& hit, float footprint) {
    Appearance look;
    const float dusty = dirt(hit, footprint);
    look.albedo = Vector3f::Constant(0.022F) + 0.25F * dusty * Vector3f(0.2F, 0.18F, 0.15F);
    look.reflectivity = 0.04F + 0.1F * dusty;
    return look;
}

Appearance chrome(const Hit& hit, float footprint) {
    Appearance look;
    // Rims are painted silver, sometimes dark.
    const bool dark = hash_unit(hit.paint, 41) < 0.2F;
    look.albedo = Vector3f::Constant(dark ? 0.05F : 0.36F);
    look.albedo *= 1 - 0.6F * dirt(hit, footprint);
    look.mirror = 0.18F;
    look.reflectivity = dark ? 0.1F : 0.35F;
    return look;
}

Appearance head_light(const Hit& hit) {
    Appearance look;
    const float facets = noise(Vector3f(hit.local * 14), 51);
    look.albedo = Vector3f::Constant(0.42F + 0.25F * facets);
    if (hit.moving && hash_unit(hit.paint, 52) < 0.5F) {
        look.emission = Vector3f(0.9F, 0.92F, 1.0F) * (0.5F + 0.5F * facets);
    }
    look.mirror = 0.12F;
    look.reflectivity = 0.5F;
    look.transmission = 0.3F;
    return look;
}

Appearance tail_light(const Hit& hit) {
    Appearance look;
    look.albedo = colour(150, 18, 20) * (1 + 0.25F * noise(Vector3f(hit.local * 10), 53));
    if (hit.moving && hash_unit(hit.paint, 54) < 0.3F) {
        look.emission = Vector3f(0.8F, 0.04F, 0.03F);  // braking
    }
    look.mirror = 0.06F;
    look.reflectivity = 1.6F;  // every tail light holds a reflector
    return look;
}

Appearance dark_plastic(const Hit& hit, float footprint) {
    Appearance look;
    const float dusty = dirt(hit, footprint);
    look.albedo = Vector3f::Constant(0.028F) + 0.3F * dusty * Vector3f(0.2F, 0.18F, 0.15F);
    look.reflectivity = 0.07F;
    return look;
}

Appearance plate(const Hit& hit, float footprint) {
    Appearance look;
    // Dark letters on white, a blue band on the left.
    const float across = hit.local.y() * (hit.local.x() > 0 ? -1.0F : 1.0F);
    const float letter = std::abs(std::fmod(std::abs(across) * 22, 1.0F) - 0.5F);
    const float sharp = std::clamp(1 - footprint / 0.04F, 0.0F, 1.0F);
    const float ink = 0.3F + sharp * ((letter < 0.2F ? 0.75F : 0.1F) - 0.3F);
    look.albedo = Vector3f::Constant(0.7F * (1 - ink));
    look.reflectivity = 2.5F;
    return look;
}

Appearance tarpaulin(const Hit& hit, float footprint) {
    Appearance look;
    const float waves = fractal_noise(Vector3f(hit.local.cwiseProduct(Vector3f(1.6F, 1.6F, 0.5F))),
                                      hit.paint, 3, 1.6F * footprint);
    look.albedo = pick(Palette::tarpaulin, hash(hit.paint, 71)) * (1 + 0.12F * waves);
    add_livery(hit, footprint, look.albedo);
    look.albedo *= 1 - 0.5F * dirt(hit, footprint);
    look.reflectivity = 0.15F + 0.6F * luminance(look.albedo);
    return look;
}

Appearance body_part(const Vector3f& albedo, float reflectivity) {
    Appearance look;
    look.albedo = albedo;
    look.reflectivity = reflectivity;
    return look;
}

}  // namespace

Appearance object_appearance(const Hit& hit, float footprint) {
    switch (hit.surface.material) {
        case Material::car_paint:
            return vehicle_paint(hit, footprint);
        case Material::car_glass:
            return car_glass(hit);
        case Material::rubber:
            return rubber(hit, footprint);
        case Material::chrome:
            return chrome(hit, footprint);
        case Material::head_light:
            return head_light(hit);
        case Material::tail_light:
            return tail_light(hit);
        case Material::plate:
            return plate(hit, footprint);
        case Material::cloth:
            return cloth_appearance(hit, footprint);
        case Material::skin:
            return body_part(pick(Palette::skin, hash(hit.paint, 81)), 0.5F);
        case Material::hair:
            return body_part(pick(Palette::hair, hash(hit.paint, 82)), 0.25F);
        case Material::tarpaulin:
            return tarpaulin(hit, footprint);
        default:
            return dark_plastic(hit, footprint);
    }
}

}  // namespace distillar::simulation
