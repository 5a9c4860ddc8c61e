#include <algorithm>
#include <cmath>
#include <span>

#include "simulation/appearance.hpp"
#include "simulation/car_design.hpp"
#include "simulation/noise.hpp"
#include "simulation/people_style.hpp"

namespace distillar::simulation {

using Eigen::Vector3f;

namespace {

/// A colour and how often it is seen.
struct Choice {
    int share;
    int red, green, blue;  ///< sRGB
};

Vector3f pick(std::span<const Choice> choices, std::uint32_t number) {
    int total = 0;
    for (const Choice& choice : choices) {
        total += choice.share;
    }
    auto left = static_cast<int>(number % static_cast<std::uint32_t>(total));
    for (const Choice& choice : choices) {
        left -= choice.share;
        if (left < 0) {
            return colour(choice.red, choice.green, choice.blue);
        }
    }
    return Vector3f::Constant(0.5F);
}

// Shares of new cars in Germany and in the world (Axalta, KBA), rounded.
constexpr Choice car_colours[] = {
    {24, 222, 223, 221}, {20, 22, 23, 26},    {14, 84, 87, 92},  {9, 122, 126, 130},
    {13, 172, 175, 179}, {6, 28, 44, 82},     {4, 44, 78, 138},  {5, 138, 22, 26},
    {2, 98, 20, 26},     {2, 44, 62, 50},     {2, 104, 88, 70},  {1, 205, 160, 40},
    {1, 190, 84, 30},    {1, 130, 150, 140}};
constexpr Choice van_colours[] = {{55, 224, 225, 223}, {12, 176, 178, 180}, {9, 40, 42, 46},
                                  {8, 38, 60, 110},    {6, 160, 28, 28},    {6, 214, 170, 40},
                                  {4, 90, 96, 102}};
constexpr Choice truck_colours[] = {{42, 220, 221, 219}, {14, 172, 30, 32}, {14, 34, 62, 124},
                                    {8, 60, 64, 70},     {7, 212, 150, 34}, {5, 36, 92, 58},
                                    {10, 160, 164, 168}};
constexpr Choice box_colours[] = {{62, 226, 226, 222}, {10, 190, 194, 196}, {8, 40, 72, 132},
                                  {7, 178, 36, 36},    {6, 216, 172, 44},   {4, 44, 104, 64},
                                  {3, 70, 74, 80}};
constexpr Choice bus_colours[] = {{30, 222, 222, 218}, {18, 196, 34, 36}, {16, 232, 186, 32},
                                  {12, 38, 84, 150},   {9, 46, 110, 72},  {8, 180, 184, 188},
                                  {7, 226, 226, 216}};
constexpr Choice bus_seconds[] = {{30, 40, 44, 52}, {25, 222, 222, 218}, {15, 196, 34, 36},
                                  {15, 38, 84, 150}, {15, 120, 124, 130}};
constexpr Choice frame_colours[] = {{32, 26, 26, 28}, {14, 168, 170, 174}, {12, 150, 26, 28},
                                    {12, 30, 60, 120}, {10, 210, 210, 206}, {6, 40, 92, 60},
                                    {5, 216, 132, 30}, {5, 120, 176, 172}};
constexpr Choice upper_clothes[] = {{22, 30, 31, 35},    {14, 34, 42, 66},  {12, 92, 95, 100},
                                    {9, 196, 196, 192},  {6, 150, 136, 114}, {6, 84, 74, 60},
                                    {6, 52, 84, 132},    {5, 146, 36, 42},  {4, 60, 78, 58},
                                    {4, 104, 44, 62},    {3, 188, 172, 90}, {3, 110, 146, 176},
                                    {2, 204, 104, 46},   {2, 196, 130, 150}};
constexpr Choice lower_clothes[] = {{30, 44, 56, 84}, {26, 26, 27, 30},    {14, 70, 84, 112},
                                    {12, 74, 76, 80}, {8, 142, 126, 100}, {6, 52, 48, 40},
                                    {4, 190, 186, 176}};
constexpr Choice shoe_colours[] = {{45, 28, 26, 26}, {20, 190, 190, 188}, {20, 82, 58, 40},
                                   {15, 90, 92, 98}};
constexpr Choice bag_colours[] = {{40, 32, 32, 36}, {18, 96, 66, 44}, {14, 44, 60, 96},
                                  {10, 134, 36, 40}, {10, 96, 100, 84}, {8, 170, 150, 120}};
constexpr Choice helmet_colours[] = {{40, 30, 31, 34}, {30, 214, 214, 210}, {12, 160, 34, 34},
                                     {10, 44, 74, 138}, {8, 200, 180, 50}};
constexpr Choice skins[] = {{40, 214, 164, 136}, {20, 192, 140, 110}, {14, 160, 108, 78},
                            {10, 112, 74, 54},   {8, 78, 52, 40}};
constexpr Choice hairs[] = {{36, 32, 26, 22}, {28, 62, 44, 32}, {14, 104, 78, 52},
                            {12, 158, 128, 86}, {10, 136, 134, 132}};
constexpr Choice tarpaulins[] = {{30, 216, 216, 212}, {22, 36, 62, 116}, {12, 150, 34, 36},
                                 {12, 44, 88, 62},    {12, 100, 104, 110}, {8, 206, 150, 40}};

float luminance(const Vector3f& rgb) {
    return rgb.dot(Vector3f(0.2126F, 0.7152F, 0.0722F));
}

/// 1 on a line of `width` metres at distance `off`, faded to its share of a pixel.
float line(float off, float width, float footprint) {
    const float blur = std::max(footprint, 0.3F * width);
    const float cover = std::clamp((width / 2 + blur / 2 - std::abs(off)) / blur, 0.0F, 1.0F);
    return cover * std::min(1.0F, width / blur);
}

/// Lines between doors, bonnet and boot.
float seams(const CarDesign& d, const Vector3f& at, float footprint) {
    if (footprint > 0.1F) {
        return 0;
    }
    const float s = d.length / 2 - at.x(), width = 0.009F;
    const float low = d.clearance + 0.14F;
    float dark = 0;
    if (std::abs(at.y()) > 0.34F * d.width && at.z() < d.height - 0.15F) {
        const float door_front = d.window_front - 0.02F;
        const float door_end = d.window_rear - 0.25F;
        const bool upright = at.z() > low;
        std::vector<float> joints = {door_front};
        joints.insert(joints.end(), d.pillars.begin(), d.pillars.end());
        if (d.pillars.size() < 2) {
            joints.push_back(door_end);
        }
        for (const float joint : joints) {
            const float lean = joint == door_front ? 0.12F : -0.06F;
            const float off = s - joint + lean * (d.belt_front - at.z());
            dark = std::max(dark, upright && at.z() < d.belt_front ? line(off, width, footprint)
                                                                  : 0.0F);
        }
        if (s > door_front && s < joints.back()) {
            dark = std::max(dark, line(at.z() - low, width, footprint));
        }
        dark = std::max(dark, s < d.cowl_s + 0.1F && s > 0.15F
                                  ? line(std::abs(at.y()) - 0.41F * d.width, width, footprint)
                                  : 0.0F);
    }
    if (at.z() > d.bonnet - 0.05F && s < d.cowl_s) {
        dark = std::max(dark, line(s - 0.17F - 0.16F * at.y() * at.y(), width, footprint));
    }
    return 0.8F * dark;
}

Vector3f paint_colour(const Hit& hit) {
    const std::uint16_t style = hit.surface.style;
    const bool second = style == second_paint;
    const std::uint32_t number = hash(hit.paint, second ? 12 : 11);
    switch (hit.surface.category) {
        case Category::bus:
            return second ? pick(bus_seconds, number) : pick(bus_colours, number);
        case Category::truck:
        case Category::trailer:
            return second ? pick(box_colours, number) : pick(truck_colours, number);
        case Category::car: break;
        default: return pick(frame_colours, number);
    }
    const auto& designs = car_designs();
    const bool van = style < designs.size() && designs[style].kind == VehicleKind::van &&
                     !designs[style].rear_window;
    return van ? pick(van_colours, number) : pick(car_colours, number);
}

/// Dust thrown up by the wheels: more near the ground, in soft patches.
float dirt(const Hit& hit, float footprint) {
    const float amount = 0.25F + 0.75F * hash_unit(hit.paint, 21);
    const float low = std::clamp(1 - hit.local.z() / 0.7F, 0.0F, 1.0F);
    const float patches = 0.7F + 0.5F * fractal_noise(Vector3f(hit.local * 4), 22, 3, 4 * footprint);
    return std::clamp(amount * (0.06F + 0.5F * low * low) * patches, 0.0F, 0.6F);
}

Appearance car_paint(const Hit& hit, float footprint) {
    Appearance look;
    look.albedo = paint_colour(hit);
    look.mirror = 0.05F;
    const auto& designs = car_designs();
    if (hit.surface.style < designs.size()) {
        look.albedo *= 1 - seams(designs[hit.surface.style], hit.local, footprint);
    }
    const Vector3f dust(0.20F, 0.175F, 0.14F);
    const float dusty = dirt(hit, footprint);
    look.albedo += dusty * (dust - look.albedo);
    look.mirror *= 1 - dusty;
    // Pigments that are dark to the eye stay dark at 905 nm, but less so.
    look.reflectivity = 0.05F + 0.75F * luminance(look.albedo);
    return look;
}

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
    look.mirror = 0.02F;
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

Appearance cloth(const Hit& hit, float footprint) {
    Appearance look;
    switch (hit.surface.style) {
        case cloth_lower: look.albedo = pick(lower_clothes, hash(hit.paint, 61)); break;
        case cloth_shoes: look.albedo = pick(shoe_colours, hash(hit.paint, 62)); break;
        case cloth_bag: look.albedo = pick(bag_colours, hash(hit.paint, 63)); break;
        case cloth_helmet: look.albedo = pick(helmet_colours, hash(hit.paint, 64)); break;
        case cloth_leather: look.albedo = colour(34, 34, 38); break;
        default: look.albedo = pick(upper_clothes, hash(hit.paint, 60)); break;
    }
    look.mirror = hit.surface.style == cloth_helmet ? 0.05F : 0.0F;
    const float folds =
        fractal_noise(Vector3f(hit.local.cwiseProduct(Vector3f(9, 9, 4))), hit.paint, 3,
                      9 * footprint);
    look.albedo *= 1 + 0.28F * folds;
    // Most dyes are transparent at 905 nm: even black cloth is often bright there.
    look.reflectivity = 0.15F + 0.35F * hash_unit(hit.paint, 65, hit.surface.style) +
                        0.3F * luminance(look.albedo);
    return look;
}

Appearance tarpaulin(const Hit& hit, float footprint) {
    Appearance look;
    const float waves = fractal_noise(
        Vector3f(hit.local.cwiseProduct(Vector3f(1.6F, 1.6F, 0.5F))), hit.paint, 3,
        1.6F * footprint);
    look.albedo = pick(tarpaulins, hash(hit.paint, 71)) * (1 + 0.12F * waves);
    look.albedo *= 1 - 0.5F * dirt(hit, footprint);
    look.mirror = 0.02F;
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
        case Material::car_paint: return car_paint(hit, footprint);
        case Material::car_glass: return car_glass(hit);
        case Material::rubber: return rubber(hit, footprint);
        case Material::chrome: return chrome(hit, footprint);
        case Material::head_light: return head_light(hit);
        case Material::tail_light: return tail_light(hit);
        case Material::plate: return plate(hit, footprint);
        case Material::cloth: return cloth(hit, footprint);
        case Material::skin: return body_part(pick(skins, hash(hit.paint, 81)), 0.5F);
        case Material::hair: return body_part(pick(hairs, hash(hit.paint, 82)), 0.25F);
        case Material::tarpaulin: return tarpaulin(hit, footprint);
        default: return dark_plastic(hit, footprint);
    }
}

}  // namespace distillar::simulation
