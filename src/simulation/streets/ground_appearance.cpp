// What roads, sidewalks and terrain look like.
#include <algorithm>
#include <cmath>

#include "simulation/rendering/appearance.hpp"
#include "simulation/shapes/noise.hpp"

namespace distillar::simulation {

using Eigen::Vector2f;
using Eigen::Vector3f;

namespace {

/// Share of a pixel `footprint` wide that lies in |x| < half, for x the distance from the middle.
float band(float x, float half, float footprint) {
    const float soft = std::max(footprint / 2, 0.01F);
    return std::clamp((half + soft - std::abs(x)) / (2 * soft), 0.0F, 1.0F) *
           std::min(1.0F, half / soft * 1.0F + (half > soft ? 1.0F : 0.0F));
}

/// Distance to the nearest multiple of `period`.
float to_multiple(float x, float period) {
    return x - period * std::round(x / period);
}

Vector3f asphalt_albedo(const Vector2f& at, float footprint, std::uint32_t seed) {
    const float broad = fractal_noise(at / 9, seed, 3, footprint / 9);
    const float grain = fractal_noise(at * 22, seed + 5, 2, footprint * 22);
    const float patch = fractal_noise(Vector2f(at.x() / 7, at.y() / 2.4F), seed + 9, 1);
    float shade = 0.105F * (1 + 0.18F * broad + 0.22F * grain);
    if (patch > 0.33F) {  // mended asphalt is darker
        shade *= 0.8F;
    }
    const float crack = std::abs(fractal_noise(at / 3, seed + 21, 3, footprint / 3));
    shade *= 1 - 0.35F * std::clamp(1 - crack / (0.012F + footprint / 3), 0.0F, 1.0F) *
                     std::clamp(0.03F / std::max(footprint, 0.01F), 0.0F, 1.0F);
    return shade * Vector3f(0.98F, 1.0F, 1.03F);
}

/// Paint on the road where `cover` > 0; worn by noise.
void paint(Appearance& look, const Vector2f& at, float cover, float footprint) {
    const float worn = 0.8F + 0.35F * fractal_noise(at * 4, 31, 3, footprint * 4);
    cover *= std::clamp(worn, 0.0F, 1.0F);
    look.albedo += cover * (Vector3f::Constant(0.55F) - look.albedo);
    look.reflectivity += cover * (0.75F - look.reflectivity);
    if (cover > 0.4F) {
        look.category = Category::lane_marking;
    }
}

/// Middle line and lines between lanes; style is the number of lanes a direction.
float lane_lines(const Vector2f& at, int lanes, float footprint) {
    const float lane = 3.3F;
    const float across = at.y();
    const float dash = std::fmod(std::fmod(at.x(), 9.0F) + 9.0F, 9.0F) < 3.5F ? 1.0F : 0.0F;
    const float faded = std::clamp(1 - footprint / 9, 0.0F, 1.0F) * dash +
                        std::clamp(footprint / 9, 0.0F, 1.0F) * 0.39F;
    if (lanes == 1) {
        return std::max(faded * band(across, 0.07F, footprint),
                        band(std::abs(across) - lane, 0.06F, footprint));
    }
    const float middle = band(std::abs(across) - 0.12F, 0.06F, footprint);
    const float between = faded * band(std::abs(across) - lane, 0.06F, footprint);
    const float rim = band(std::abs(across) - 2 * lane, 0.06F, footprint);
    return std::max({middle, between, rim});
}

Appearance road(const Hit& hit, float footprint) {
    Appearance look;
    const Vector2f at = hit.uv;
    look.albedo = asphalt_albedo(at, footprint, 101);
    look.reflectivity = 0.17F;
    float cover = 0;
    switch (hit.surface.material) {
        case Material::lanes: {
            // Tyres polish and darken two tracks a lane.
            const float track = std::abs(to_multiple(std::abs(at.y()) - 1.65F, 3.3F)) - 0.8F;
            look.albedo *= 1 - 0.1F * std::clamp(1 - std::abs(track) / 0.5F, 0.0F, 1.0F);
            cover = lane_lines(at, hit.surface.style, footprint);
            break;
        }
        case Material::crossing:
            cover = band(to_multiple(at.y(), 1.0F), 0.25F, footprint);
            break;
        case Material::parking_bays:
            look.albedo *= 1.15F;
            cover = band(to_multiple(at.x(), 5.6F), 0.05F, footprint);
            break;
        default:
            break;
    }
    if (cover > 0) {
        const bool parking = hit.surface.category == Category::parking;
        paint(look, at, cover, footprint);
        if (parking) {
            look.category.reset();
        }
    }
    return look;
}

Appearance paving(const Hit& hit, float footprint) {
    Appearance look;
    const Vector2f at = hit.uv;
    const bool stone = hit.surface.material == Material::curb;
    const float slab = stone ? 1.0F : 0.5F;
    const Vector2f cell(std::floor(at.x() / slab), std::floor(at.y() / slab));
    const float tone = hash_unit(static_cast<std::uint32_t>(static_cast<int>(cell.x())),
                                 static_cast<std::uint32_t>(static_cast<int>(cell.y())), 5);
    const float fade = std::clamp(1.5F - footprint / slab * 2, 0.0F, 1.0F);
    const float grain = fractal_noise(at * 6, 41, 3, footprint * 6);
    const float broad = fractal_noise(at / 5, 43, 2, footprint / 5);
    float shade =
        (stone ? 0.30F : 0.27F) * (1 + fade * 0.16F * (tone - 0.5F) + 0.1F * grain + 0.12F * broad);
    const float joint = std::max(band(to_multiple(at.x(), slab), 0.008F, footprint),
                                 stone ? 0 : band(to_multiple(at.y(), slab), 0.008F, footprint));
    shade *= 1 - 0.4F * joint * fade;
    look.albedo = shade * Vector3f(1.04F, 1.0F, 0.95F);
    look.reflectivity = 0.3F;
    return look;
}

Appearance soft_ground(const Hit& hit, float footprint) {
    Appearance look;
    const Vector2f at = hit.position.head<2>();
    const float broad = fractal_noise(at / 6, 51, 3, footprint / 6);
    const float blades = fractal_noise(at * 9, 57, 3, footprint * 9);
    const Vector3f green(0.075F, 0.105F, 0.028F), dry(0.16F, 0.14F, 0.06F),
        earth(0.13F, 0.095F, 0.06F), pebbles(0.26F, 0.24F, 0.21F);
    switch (hit.surface.material) {
        case Material::grass: {
            const float dryness = std::clamp(0.25F + 0.6F * broad, 0.0F, 1.0F);
            look.albedo = (green + dryness * (dry - green)) * (1 + 0.55F * blades);
            look.reflectivity = 0.4F;
            break;
        }
        case Material::soil:
            look.albedo = earth * (1 + 0.3F * broad + 0.3F * blades);
            look.reflectivity = 0.28F;
            break;
        default:
            look.albedo = pebbles * (1 + 0.15F * broad + 0.4F * blades);
            look.reflectivity = 0.3F;
    }
    look.albedo = look.albedo.cwiseMax(0.01F);
    return look;
}

}  // namespace

Appearance ground_appearance(const Hit& hit, float footprint) {
    switch (hit.surface.material) {
        case Material::paving:
        case Material::curb:
            return paving(hit, footprint);
        case Material::grass:
        case Material::soil:
        case Material::gravel:
            return soft_ground(hit, footprint);
        default:
            return road(hit, footprint);
    }
}

}  // namespace distillar::simulation
