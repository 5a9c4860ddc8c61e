#include <algorithm>
#include <array>
#include <cmath>

#include "simulation/objects/sign_faces.hpp"
#include "simulation/plants/plant_appearance.hpp"
#include "simulation/rendering/appearance.hpp"
#include "simulation/shapes/noise.hpp"
#include "simulation/streets/roadside_styles.hpp"

namespace distillar::simulation {
namespace {

using Eigen::Vector2f;
using Eigen::Vector3f;

Vector3f blend(const Vector3f& from, const Vector3f& to, float share) {
    return from + std::clamp(share, 0.0F, 1.0F) * (to - from);
}

Vector3f finish_colour(Finish finish, std::uint32_t paint) {
    switch (finish) {
        case Finish::galvanised:
            return colour(148, 151, 152);
        case Finish::anthracite:
            return colour(58, 61, 64);
        case Finish::dark_green:
            return colour(42, 66, 54);
        case Finish::light_grey:
            return colour(158, 160, 154);
        case Finish::yellow:
            return colour(216, 168, 30);
        case Finish::red:
            return colour(158, 36, 34);
        case Finish::blue:
            return colour(38, 68, 116);
        case Finish::white:
            return colour(205, 205, 200);
        case Finish::timber:
            return colour(104, 88, 70);
        case Finish::lamp_glass:
            return colour(200, 202, 196);
        case Finish::plastic: {
            const std::array<Vector3f, 6> tones = {colour(48, 50, 52), colour(70, 72, 74),
                                                   colour(78, 58, 44), colour(44, 70, 50),
                                                   colour(44, 62, 96), colour(150, 128, 44)};
            return tones[hash(paint, 7) % 6];
        }
        case Finish::by_paint:
        case Finish::poster:
            break;
    }
    const std::array<Finish, 6> mix = {Finish::galvanised, Finish::galvanised, Finish::galvanised,
                                       Finish::anthracite, Finish::anthracite, Finish::dark_green};
    return finish_colour(mix[hash(paint, 6) % mix.size()], 0);
}

Appearance pole_metal(const Hit& hit, float footprint) {
    const auto finish = static_cast<Finish>(hit.surface.style);
    const float dirt = fractal_noise(Vector3f(3 * hit.local), 18, 3, 3 * footprint);
    const float fine =
        fractal_noise(Vector3f(30 * hit.local.x(), 30 * hit.local.y(),
                               (finish == Finish::timber ? 3.0F : 20.0F) * hit.local.z()),
                      19, 2, 30 * footprint);
    Appearance look;
    look.albedo = finish == Finish::poster ? poster_colour(hit.uv, footprint, hit.paint)
                                           : finish_colour(finish, hit.paint);
    const float foot_splash = 0.25F * std::exp(-4 * std::max(0.0F, hit.local.z()));
    look.albedo *= (1 + 0.13F * dirt + 0.08F * fine) * (1 - foot_splash);
    look.mirror = finish == Finish::timber ? 0.0F : finish == Finish::lamp_glass ? 0.06F : 0.03F;
    look.reflectivity = finish == Finish::timber ? 0.3F : 0.3F + 0.25F * look.albedo.mean();
    return look;
}

Appearance sign_face(const Hit& hit, float footprint) {
    Appearance look;
    look.albedo = 0.9F * sign_colour(static_cast<Sign>(hit.surface.style), hit.uv, footprint / 0.7F,
                                     hit.paint);
    look.mirror = 0.02F;
    look.reflectivity = 2 + 3 * look.albedo.x();  // printed inks; at 905 nm white and red shine
    return look;
}

Appearance sign_back(const Hit& hit, float footprint) {
    const float dirt = fractal_noise(Vector3f(5 * hit.local), 20, 3, 5 * footprint);
    Appearance look;
    look.albedo = colour(132, 135, 136) * (1 + 0.12F * dirt);
    look.mirror = 0.03F;
    look.reflectivity = 0.4F;
    return look;
}

Appearance signal_head(const Hit& hit, float footprint) {
    const std::array<Vector3f, 3> tones = {colour(34, 35, 36), colour(196, 152, 36),
                                           colour(36, 54, 44)};
    const float dirt = fractal_noise(Vector3f(6 * hit.local), 21, 2, 6 * footprint);
    Appearance look;
    look.albedo = tones[std::min<std::size_t>(hit.surface.style, 2)] * (1 + 0.12F * dirt);
    look.mirror = 0.02F;
    look.reflectivity = 0.15F;
    return look;
}

Appearance signal_lamp(const Hit& hit) {
    const std::array<Vector3f, 3> light = {
        Vector3f(1.0F, 0.05F, 0.03F), Vector3f(1.0F, 0.42F, 0.03F), Vector3f(0.06F, 0.9F, 0.45F)};
    const Vector3f& tint = light[hit.surface.style % 3];
    Appearance look;
    look.albedo = 0.05F * tint + Vector3f::Constant(0.02F);
    if (hit.surface.style < 3) look.emission = 1.6F * tint;
    look.mirror = 0.04F;
    look.reflectivity = 0.6F;
    return look;
}

Appearance cone_plastic(const Hit& hit, float footprint) {
    const float dirt = fractal_noise(Vector3f(9 * hit.local), 22, 3, 9 * footprint);
    const auto part = static_cast<Cone>(hit.surface.style);
    Appearance look;
    look.albedo = part == Cone::orange ? colour(222, 84, 32)
                  : part == Cone::band ? colour(214, 214, 208)
                                       : colour(46, 44, 44);
    look.albedo *= 0.95F + 0.12F * dirt;
    look.reflectivity = part == Cone::band ? 3.0F : part == Cone::orange ? 0.6F : 0.08F;
    return look;
}

/// Diagonal bands, 15 cm wide; finer than a pixel they fade to their mean.
float stripe_share(const Vector2f& uv, float footprint) {
    const float phase = (uv.x() + uv.y()) / 0.3F;
    const float wave = std::abs(2 * (phase - std::floor(phase)) - 1);
    return std::clamp(0.5F + (wave - 0.5F) * 0.15F / std::max(0.005F, footprint), 0.0F, 1.0F);
}

Appearance barrier_plastic(const Hit& hit, float footprint) {
    const float dirt = fractal_noise(Vector3f(4 * hit.local), 23, 3, 4 * footprint);
    const Vector3f red = colour(184, 46, 36);
    const Vector3f white = colour(208, 208, 202);
    Appearance look;
    look.reflectivity = 0.5F;
    switch (static_cast<Plastic>(hit.surface.style)) {
        case Plastic::red:
            look.albedo = red;
            break;
        case Plastic::white:
            look.albedo = white;
            break;
        case Plastic::orange:
            look.albedo = colour(216, 92, 34);
            break;
        case Plastic::stripes:
            look.albedo = blend(red, white, stripe_share(hit.uv, footprint));
            look.reflectivity = 2.5F;
    }
    look.albedo *= 0.92F + 0.15F * dirt;
    look.mirror = 0.02F;
    return look;
}

Appearance guard_rail(const Hit& hit, float footprint) {
    const float dirt = fractal_noise(Vector3f(2 * hit.local), 24, 4, 2 * footprint);
    Appearance look;
    look.albedo = colour(140, 143, 143) * (1 + 0.2F * dirt);
    look.mirror = 0.05F;
    look.reflectivity = 0.45F;
    return look;
}

}  // namespace

Appearance roadside_appearance(const Hit& hit, float footprint) {
    switch (hit.surface.material) {
        case Material::leaves:
        case Material::needles:
        case Material::bark:
        case Material::hedge:
            return plant_appearance(hit, footprint);
        case Material::sign_face:
            return sign_face(hit, footprint);
        case Material::sign_back:
            return sign_back(hit, footprint);
        case Material::signal_head:
            return signal_head(hit, footprint);
        case Material::signal_lamp:
            return signal_lamp(hit);
        case Material::cone_plastic:
            return cone_plastic(hit, footprint);
        case Material::barrier_plastic:
            return barrier_plastic(hit, footprint);
        case Material::guard_rail:
            return guard_rail(hit, footprint);
        default:
            return pole_metal(hit, footprint);
    }
}

}  // namespace distillar::simulation
