#include "simulation/plants/plant_appearance.hpp"

#include <algorithm>
#include <array>

#include "simulation/shapes/noise.hpp"

namespace distillar::simulation {
namespace {

using Eigen::Vector3f;

Vector3f blend(const Vector3f& from, const Vector3f& to, float share) {
    return from + std::clamp(share, 0.0F, 1.0F) * (to - from);
}

/// Dull olive, dark and yellowish greens as photographs show them, linear.
Vector3f leaf_green(std::uint32_t paint) {
    const std::array<Vector3f, 4> greens = {
        Vector3f(0.122F, 0.160F, 0.047F), Vector3f(0.085F, 0.130F, 0.044F),
        Vector3f(0.155F, 0.182F, 0.052F), Vector3f(0.108F, 0.142F, 0.062F)};
    const std::uint32_t first = hash(paint, 1) % 4;
    const std::uint32_t second = hash(paint, 2) % 4;
    return blend(greens[first], greens[second], 0.6F * hash_unit(paint, 3));
}

/// uv = (openness, chance) as the plants' meshes carry it.
Appearance leaves(const Hit& hit, float footprint) {
    const float open = std::clamp(hit.uv.x(), 0.0F, 1.0F);
    const float chance = hit.uv.y();
    const float patches = fractal_noise(Vector3f(1.2F * hit.local), 11, 2, 1.2F * footprint);
    const float grain = fractal_noise(Vector3f(16 * hit.local), 12, 2, 16 * footprint);
    const float light = (0.48F + 0.8F * open) * (0.75F + 0.5F * chance);
    Appearance look;
    const Vector3f green = leaf_green(hit.paint);
    const Vector3f young(1.35F * green.x() + 0.012F, 1.2F * green.y(), 0.9F * green.z());
    look.albedo = blend(green, young, 0.5F * open * chance + 0.25F * patches) * light *
                  (1 + 0.22F * patches + 0.3F * grain);
    look.reflectivity = 0.45F * (0.85F + 0.3F * chance);
    return look;
}

Appearance needles(const Hit& hit, float footprint) {
    const float open = std::clamp(hit.uv.x(), 0.0F, 1.0F);
    const float grain = fractal_noise(Vector3f(20 * hit.local), 13, 2, 20 * footprint);
    const Vector3f dark(0.052F, 0.084F, 0.040F);
    const Vector3f bluish(0.066F, 0.094F, 0.064F);
    Appearance look;
    look.albedo = blend(dark, bluish, hash_unit(hit.paint, 4)) * (0.6F + 0.75F * open) *
                  (0.8F + 0.4F * hit.uv.y()) * (1 + 0.35F * grain);
    look.reflectivity = 0.4F;
    return look;
}

/// Long ridges over dark cracks; moss in patches, most of it near the ground.
Appearance bark(const Hit& hit, float footprint) {
    const Vector3f stretched(hit.local.x() * 20, hit.local.y() * 20, hit.local.z() * 3.5F);
    const float ridges = fractal_noise(stretched, 14, 3, 20 * footprint);
    const float stains = fractal_noise(Vector3f(2.5F * hit.local), 15, 3, 2.5F * footprint);
    const Vector3f brown(0.082F, 0.066F, 0.050F);
    const Vector3f grey(0.125F, 0.115F, 0.100F);
    const Vector3f moss(0.070F, 0.082F, 0.035F);
    const float low = std::clamp(1.2F - 0.5F * hit.local.z(), 0.15F, 1.0F);
    Appearance look;
    look.albedo = blend(brown, grey, hash_unit(hit.paint, 5) + 0.3F * stains);
    look.albedo = blend(look.albedo, moss, low * hash_unit(hit.paint, 8) * (0.4F + 1.6F * stains));
    look.albedo *= (1 + 0.3F * stains) * std::clamp(1 + 0.75F * ridges, 0.35F, 1.6F);
    look.reflectivity = 0.25F;
    return look;
}

/// The dark inside of a clipped hedge; its coat is made of leaves.
Appearance hedge(const Hit& hit, float footprint) {
    const float tufts = fractal_noise(Vector3f(14 * hit.local), 16, 3, 14 * footprint);
    const float patches = fractal_noise(Vector3f(1.1F * hit.local), 17, 2, 1.1F * footprint);
    Appearance look;
    look.albedo = 0.5F * leaf_green(hit.paint) * (1 + 0.75F * tufts + 0.25F * patches);
    look.reflectivity = 0.42F;
    return look;
}

}  // namespace

Appearance plant_appearance(const Hit& hit, float footprint) {
    switch (hit.surface.material) {
        case Material::leaves:
            return leaves(hit, footprint);
        case Material::needles:
            return needles(hit, footprint);
        case Material::hedge:
            return hedge(hit, footprint);
        default:
            return bark(hit, footprint);
    }
}

}  // namespace distillar::simulation
