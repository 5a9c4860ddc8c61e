#include <algorithm>
#include <cmath>

#include "simulation/objects/car_design.hpp"
#include "simulation/objects/object_look.hpp"
#include "simulation/shapes/noise.hpp"

namespace distillar::simulation {

using Eigen::Vector3f;

namespace {

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
            dark = std::max(dark,
                            upright && at.z() < d.belt_front ? line(off, width, footprint) : 0.0F);
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
            return second ? pick(Palette::bus_band, number) : pick(Palette::bus, number);
        case Category::truck:
        case Category::trailer:
            return second ? pick(Palette::load, number) : pick(Palette::truck, number);
        case Category::car:
            break;
        default:
            return pick(Palette::frame, number);
    }
    const auto& designs = car_designs();
    const bool van = style < designs.size() && designs[style].kind == VehicleKind::van &&
                     !designs[style].rear_window;
    return van ? pick(Palette::van, number) : pick(Palette::car, number);
}

bool is_load(const Hit& hit) {
    return hit.surface.style == second_paint &&
           (hit.surface.category == Category::truck || hit.surface.category == Category::trailer);
}

}  // namespace

float luminance(const Vector3f& rgb) {
    return rgb.dot(Vector3f(0.2126F, 0.7152F, 0.0722F));
}

float dirt(const Hit& hit, float footprint) {
    const float amount = 0.25F + 0.75F * hash_unit(hit.paint, 21);
    const float low = std::clamp(1 - hit.local.z() / 0.7F, 0.0F, 1.0F);
    const float patches =
        0.7F + 0.5F * fractal_noise(Vector3f(hit.local * 4), 22, 3, 4 * footprint);
    return std::clamp(amount * (0.06F + 0.5F * low * low) * patches, 0.0F, 0.6F);
}

void add_livery(const Hit& hit, float footprint, Vector3f& albedo) {
    const Vector3f at = hit.local;
    if (hash_unit(hit.paint, 91) < 0.35F || std::abs(at.y()) < 1.2F || at.z() > 3.7F) {
        return;
    }
    const Vector3f ink = pick(Palette::load, hash(hit.paint, 92));
    const Vector3f other = luminance(ink) > 0.5F ? pick(Palette::truck, hash(hit.paint, 93)) : ink;
    // A swung band, and above it a name: upright strokes in cells, as letters are from afar.
    const float band = 1.55F + 0.25F * std::sin(0.5F * at.x() + 6 * hash_unit(hit.paint, 94));
    float cover = std::clamp((0.16F - std::abs(at.z() - band)) / std::max(footprint, 0.01F) + 0.5F,
                             0.0F, 1.0F);
    const float cell = std::floor(at.x() / 0.42F), in_cell = at.x() / 0.42F - cell;
    const auto letter = static_cast<std::uint32_t>(static_cast<int>(cell) + 100);
    if (std::abs(at.x() - 0.4F) < 2.3F && std::abs(at.z() - 2.6F) < 0.3F && in_cell < 0.75F) {
        const auto bar = static_cast<std::uint32_t>(in_cell * 4);
        const auto row = static_cast<std::uint32_t>((at.z() - 2.3F) / 0.121F);
        const bool filled = bar == 0 || hash_unit(hit.paint, letter, bar, row) < 0.5F;
        const float sharp = std::clamp(1.5F - footprint / 0.1F, 0.0F, 1.0F);
        cover = std::max(cover, sharp * (filled ? 1.0F : 0.0F) + (1 - sharp) * 0.45F);
    }
    albedo += cover * (other - albedo);
}

Appearance vehicle_paint(const Hit& hit, float footprint) {
    Appearance look;
    look.albedo = paint_colour(hit);
    look.mirror = 0.05F;
    if (is_load(hit)) {  // plastic or plywood without clear coat
        look.mirror = 0;
        add_livery(hit, footprint, look.albedo);
    }
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

}  // namespace distillar::simulation
