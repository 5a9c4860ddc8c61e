#include <cmath>

#include "simulation/objects/furniture.hpp"
#include "simulation/objects/furniture_parts.hpp"
#include "simulation/shapes/dice.hpp"

namespace distillar::simulation {
namespace {

using Eigen::Vector3f;

constexpr float lamp_step = 0.3F;  ///< metres between the lamps' centres

Surface head_surface(std::uint16_t style) {
    return {Material::signal_head, Category::traffic_light, style};
}

/// A hood over a lamp: the upper two thirds of a short tube, seen from both sides.
void add_hood(Mesh& mesh, const Vector3f& lamp, const Surface& surface) {
    const int steps = 8;
    const float radius = 0.118F;
    const auto rim = [&](int i, float x) -> Vector3f {
        const float angle = -0.5F + 4.14F * static_cast<float>(i) / static_cast<float>(steps);
        return lamp + Vector3f(x, -radius * std::cos(angle), radius * std::sin(angle));
    };
    for (int i = 0; i < steps; ++i) {
        const Vector3f a = rim(i, 0), b = rim(i + 1, 0), c = rim(i + 1, -0.2F), d = rim(i, -0.2F);
        add_quad(mesh, {a, d, c, b}, surface);
    }
}

/// `at`: the middle of the head's back.
void add_head(Mesh& mesh, const Vector3f& at, std::uint16_t style, int state) {
    const Surface surface = head_surface(style);
    const Vector3f centre = at - Vector3f(0.09F, 0, 0);
    add_box(mesh, centre, {0.18F, 0.3F, 0.92F}, surface);
    for (int lamp = 0; lamp < 3; ++lamp) {
        const Vector3f middle =
            centre + Vector3f(-0.092F, 0, lamp_step * (1 - static_cast<float>(lamp)));
        const auto look = static_cast<std::uint16_t>(lamp == state ? lamp : lamp + 3);
        add_plate(mesh, round_outline(0.105F, 16), middle,
                  {Material::signal_lamp, Category::traffic_light, look});
        add_hood(mesh, middle, surface);
    }
}

/// A dark board behind a head.
void add_board(Mesh& mesh, const Vector3f& at) {
    add_box(mesh, at - Vector3f(0.06F, 0, 0), {0.015F, 0.62F, 1.25F}, head_surface(0));
}

/// Two lamps for those on foot, at the post's side, looking across the road.
void add_walker_head(Mesh& mesh, float z, std::uint16_t style, int state) {
    const Vector3f centre(0, 0.17F, z);
    add_box(mesh, centre, {0.22F, 0.18F, 0.44F}, head_surface(style));
    const int lit = state == 0 ? 2 : 0;  // they walk while cars wait
    for (const int lamp : {0, 2}) {
        const auto look = static_cast<std::uint16_t>(lamp == lit ? lamp : lamp + 3);
        const float up = lamp == 0 ? 0.1F : -0.1F;
        add_box(mesh, centre + Vector3f(0, 0.092F, up), {0.15F, 0.01F, 0.15F},
                {Material::signal_lamp, Category::traffic_light, look});
    }
}

Mesh post_light(base::Random& random, std::uint16_t style, int state) {
    Mesh mesh;
    const float low = between(random, 2.2F, 2.6F);
    add_post(mesh, {0, 0}, low + between(random, 0.95F, 1.2F), 0.055F, 0.055F,
             metal(Finish::by_paint));
    add_head(mesh, {-0.07F, 0, low + 0.46F}, style, state);
    if (random.chance(0.4)) add_walker_head(mesh, low - 0.1F, style, state);
    if (random.chance(0.3)) add_board(mesh, {-0.07F, 0, low + 0.46F});
    return mesh;
}

Mesh mast_light(base::Random& random, std::uint16_t style, int state) {
    Mesh mesh;
    const Surface surface = metal(Finish::by_paint);
    const float height = between(random, 5.5F, 6.3F);
    const float reach = between(random, 3.2F, 6.0F);
    add_post(mesh, {0, 0}, height + 0.3F, 0.12F, 0.09F, surface);
    add_cylinder(mesh, {0, 0, height}, {0, reach, height + 0.25F}, 0.075F, 0.045F, 8, surface);
    const bool boards = random.chance(0.5);
    for (const float share : {0.55F, 0.97F}) {
        const Vector3f at(-0.09F, share * reach, height + 0.25F * share - 0.15F);
        if (share < 0.9F && reach < 4.5F) continue;
        add_head(mesh, at, style, state);
        if (boards) add_board(mesh, at);
    }
    add_head(mesh, {-0.13F, 0, 2.8F}, style, state);
    return mesh;
}

}  // namespace

Mesh make_traffic_light(std::uint32_t variant, int state) {
    base::Random random(0x7369676e616c, 0, variant);
    const auto style = static_cast<std::uint16_t>((variant / 2) % 3);
    return variant % 2 == 0 ? post_light(random, style, state) : mast_light(random, style, state);
}

}  // namespace distillar::simulation
