#include <cmath>

#include "simulation/buildings/facade_wall.hpp"
#include "simulation/shapes/noise.hpp"

namespace distillar::simulation {

using Eigen::Vector3f;

namespace {

/// A cloth awning over the shop window, with its hanging edge.
void add_awning(Mesh& mesh, const WallPlane& wall, const Span& x, float top, std::uint32_t seed) {
    FacadeCode code{FacadeKind::awning, FacadeZone::trim, 0,
                    static_cast<std::uint8_t>(hash(seed, 5) & 63U)};
    const Surface surface = facade_surface(code);
    const float out = 0.9F + 0.5F * hash_unit(seed, 6), drop = 0.4F + 0.3F * hash_unit(seed, 8);
    const auto p = [&](float at, float height, float depth) { return wall.at(at, height, depth); };
    add_quad(mesh,
             {p(x.begin, top - drop, -out), p(x.end, top - drop, -out), p(x.end, top, 0),
              p(x.begin, top, 0)},
             surface);
    add_quad(mesh,
             {p(x.begin, top - drop - 0.22F, -out), p(x.end, top - drop - 0.22F, -out),
              p(x.end, top - drop, -out), p(x.begin, top - drop, -out)},
             surface);
}

/// A sign that stands out at right angles to the wall.
void add_blade_sign(Mesh& mesh, const WallPlane& wall, float x, float v, const FacadeCode& code) {
    const Surface surface = facade_surface(with_zone(code, FacadeZone::sign));
    Eigen::Matrix3f turn;
    turn << wall.outward, Vector3f(0, 0, 1).cross(wall.outward), Vector3f(0, 0, 1);
    add_box(mesh, wall.at(x, v, -0.55F), Vector3f(0.7F, 0.1F, 0.7F), surface, turn);
}

void add_shop(Mesh& mesh, const WallPlane& wall, const Span& x, const WallPlan& plan,
              const FacadeLayout& layout, std::uint32_t number) {
    const FacadeCode blind = with_zone(plan.code, FacadeZone::blind);
    const float pier = 0.22F, width = x.end - x.begin, head = layout.shop_head;
    const float u = layout.shop_width * static_cast<float>(number % 64);
    const Span open{x.begin + pier, x.end - pier};
    add_wall_rect(mesh, wall, {x.begin, open.begin}, {0, layout.ground_height}, 0, blind, u);
    add_wall_rect(mesh, wall, {open.end, x.end}, {0, layout.ground_height}, 0, blind,
                  u + width - pier);
    add_wall_rect(mesh, wall, open, {head, layout.ground_height}, 0, blind, u + pier);
    add_reveals(mesh, wall, open, {0, head}, 0.25F, with_zone(plan.code, FacadeZone::trim));
    add_wall_rect(mesh, wall, open, {0, head}, 0.25F, with_zone(plan.code, FacadeZone::shop),
                  u + pier);
    const std::uint32_t seed = hash(plan.seed, number);
    const float sign = std::min(0.7F, layout.ground_height - head - 0.1F);
    if (hash_unit(seed, 1) < 0.8F) {
        // uv of the sign: along from the shop's left edge, the band's own height.
        const FacadeCode code = with_zone(plan.code, FacadeZone::sign);
        add_wall_rect(mesh, wall, open, {head, head + sign}, -0.1F, code, u + pier);
        const FacadeCode edge = with_zone(plan.code, FacadeZone::trim);
        add_ledge(mesh, wall, open, {head - 0.04F, head}, 0.12F, edge);
        add_ledge(mesh, wall, open, {head + sign, head + sign + 0.05F}, 0.14F, edge);
    }
    if (hash_unit(seed, 2) < 0.35F) {
        add_awning(mesh, wall, open, head + 0.05F, seed);
    }
    if (hash_unit(seed, 3) < 0.3F) {
        add_blade_sign(mesh, wall, open.begin + 0.2F, head + 0.6F, plan.code);
    }
}

}  // namespace

void add_shops(Mesh& mesh, const WallPlane& wall, const Span& x, const WallPlan& plan) {
    const FacadeLayout layout = layout_of(plan.code);
    const int count = static_cast<int>(std::lround((x.end - x.begin) / layout.shop_width));
    const std::uint32_t first = hash(plan.seed, 17) % 64;
    for (int shop = 0; shop < count; ++shop) {
        const float left = x.begin + static_cast<float>(shop) * layout.shop_width;
        add_shop(mesh, wall, {left, left + layout.shop_width}, plan, layout,
                 (first + static_cast<std::uint32_t>(shop)) % 64);
    }
}

}  // namespace distillar::simulation
