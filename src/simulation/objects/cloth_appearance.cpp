#include <algorithm>
#include <cmath>

#include "simulation/objects/object_look.hpp"
#include "simulation/objects/people_style.hpp"
#include "simulation/shapes/noise.hpp"

namespace distillar::simulation {

using Eigen::Vector3f;

namespace {

/// Plain, striped, or an open jacket with a shirt below.
Vector3f upper_colour(const Hit& hit, float footprint) {
    const Vector3f main = pick(Palette::upper, hash(hit.paint, 60));
    const Vector3f second = pick(Palette::upper, hash(hit.paint, 66));
    const float kind = hash_unit(hit.paint, 67);
    const bool walker = hit.surface.category == Category::person;
    if (walker && kind < 0.4F) {
        const float edge = 0.055F - std::abs(hit.local.y() - 0.01F);
        const float open = std::clamp(edge / std::max(footprint, 0.01F) + 0.5F, 0.0F, 1.0F);
        return hit.local.x() > 0.06F ? Vector3f(main + open * (second - main)) : main;
    }
    if (kind > 0.9F) {
        const float wave = std::sin(hit.local.z() * 100);
        const float sharp = std::clamp(1.5F - footprint / 0.03F, 0.0F, 1.0F);
        const float share = 0.5F + 0.5F * sharp * std::clamp(3 * wave, -1.0F, 1.0F);
        return main + 0.6F * share * (second - main);
    }
    return main;
}

}  // namespace

Appearance cloth_appearance(const Hit& hit, float footprint) {
    Appearance look;
    switch (hit.surface.style) {
        case cloth_lower:
            look.albedo = pick(Palette::lower, hash(hit.paint, 61));
            break;
        case cloth_shoes:
            look.albedo = pick(Palette::shoe, hash(hit.paint, 62));
            break;
        case cloth_bag:
            look.albedo = pick(Palette::bag, hash(hit.paint, 63));
            break;
        case cloth_helmet:
            look.albedo = pick(Palette::helmet, hash(hit.paint, 64));
            break;
        case cloth_leather:
            look.albedo = colour(34, 34, 38);
            break;
        default:
            look.albedo = upper_colour(hit, footprint);
            break;
    }
    look.mirror = hit.surface.style == cloth_helmet ? 0.05F : 0.0F;
    const float folds = fractal_noise(Vector3f(hit.local.cwiseProduct(Vector3f(9, 9, 4))),
                                      hit.paint, 3, 9 * footprint);
    look.albedo *= 1 + 0.28F * folds;
    // Most dyes are transparent at 905 nm: even black cloth is often bright there.
    look.reflectivity =
        0.15F + 0.35F * hash_unit(hit.paint, 65, hit.surface.style) + 0.3F * luminance(look.albedo);
    return look;
}

}  // namespace distillar::simulation
