#include "simulation/buildings/facade_details.hpp"

#include <algorithm>
#include <cmath>

#include "simulation/shapes/dice.hpp"
#include "simulation/shapes/outline.hpp"

namespace distillar::simulation {

using Eigen::Vector3f;

namespace {

FacadeCode metal(const FacadeCode& code) {
    return {FacadeKind::furniture, FacadeZone::trim, 0, code.number};
}

/// A frame whose x axis lies along the wall and y points inward, for boxes.
Eigen::Matrix3f turned(const WallPlane& wall) {
    Eigen::Matrix3f turn;
    turn << wall.along, -wall.outward, Vector3f(0, 0, 1);
    return turn;
}

void add_bar(Mesh& mesh, const WallPlane& wall, const Span& x, const Span& v, float depth,
             const FacadeCode& code) {
    const Surface surface = facade_surface(code);
    const Vector3f size(x.end - x.begin, 0.04F, v.end - v.begin);
    add_box(mesh, wall.at((x.begin + x.end) / 2, (v.begin + v.end) / 2, depth), size, surface,
            turned(wall));
}

/// Thin upright strips, seen from both sides.
void add_railing_bars(Mesh& mesh, const WallPlane& wall, const Span& x, float v, float out,
                      const FacadeCode& code) {
    const int count = static_cast<int>((x.end - x.begin) / 0.13F);
    const float step = (x.end - x.begin) / static_cast<float>(count);
    for (int i = 0; i <= count; ++i) {
        const float at = x.begin + step * static_cast<float>(i);
        add_wall_rect(mesh, wall, {at - 0.01F, at + 0.01F}, {v, v + 0.95F}, -out, code, 0);
    }
}

/// What closed railings are made of: clouded glass, sheet metal, or as the wall.
Surface panel_of(const FacadeCode& code) {
    if (code.number % 3 == 0) {
        return {Material::window_glass, Category::building, 1};
    }
    const FacadeCode look = code.number % 3 == 1 ? metal(code) : with_zone(code, FacadeZone::trim);
    return facade_surface(look);
}

void add_balcony(Mesh& mesh, const WallPlane& wall, const Span& x, float v, bool bars,
                 const FacadeCode& code) {
    const float out = code.number % 4 == 0 ? 0.7F : 1.1F, rail = 1.0F;
    add_ledge(mesh, wall, x, {v - 0.18F, v}, out, with_zone(code, FacadeZone::trim));
    if (bars) {
        add_railing_bars(mesh, wall, x, v, out - 0.04F, metal(code));
        add_bar(mesh, wall, x, {v + rail - 0.05F, v + rail}, -out + 0.04F, metal(code));
        for (const float at : {x.begin, x.end}) {
            const Surface surface = facade_surface(metal(code));
            add_box(mesh, wall.at(at, v + rail - 0.02F, -out / 2), Vector3f(0.04F, out, 0.05F),
                    surface, turned(wall));
            add_box(mesh, wall.at(at, v + rail / 2, -out / 2), Vector3f(0.04F, out, 0.04F), surface,
                    turned(wall));
        }
        return;
    }
    const Surface surface = panel_of(code);
    add_box(mesh, wall.at((x.begin + x.end) / 2, v + rail / 2, -out + 0.03F),
            Vector3f(x.end - x.begin, 0.05F, rail), surface, turned(wall));
    for (const float at : {x.begin + 0.03F, x.end - 0.03F}) {
        add_box(mesh, wall.at(at, v + rail / 2, -out / 2), Vector3f(0.05F, out, rail), surface,
                turned(wall));
    }
}

}  // namespace

void add_balconies(Mesh& mesh, const WallPlane& wall, const WallPlan& plan, int bay, bool bars) {
    const FacadeLayout layout = layout_of(plan.code);
    const Bays bays = bays_of(layout, wall.length);
    const float left = bays.margin + static_cast<float>(bay) * layout.bay;
    const float cut = plan.code.number % 2 == 0 ? 0.12F : 0.5F * layout.left;
    const Span x{left + cut, left + layout.bay - cut};
    for (int floor = 1; floor < plan.floors; ++floor) {
        add_balcony(mesh, wall, x, floor_line(layout, floor) + 0.02F, bars, plan.code);
    }
}

void add_cornices(Mesh& mesh, const WallPlane& wall, const WallPlan& plan, float out) {
    const FacadeLayout layout = layout_of(plan.code);
    const FacadeCode trim = with_zone(plan.code, FacadeZone::trim);
    const float top = height_of(plan);
    add_ledge(mesh, wall, {-0.02F, wall.length + 0.02F}, {top - 0.3F, top}, out, trim);
    add_ledge(mesh, wall, {-0.02F, wall.length + 0.02F}, {top - 0.5F, top - 0.3F}, out / 2, trim);
    const float band = layout.ground_height;
    add_ledge(mesh, wall, {0, wall.length}, {band - 0.1F, band + 0.12F}, 0.1F, trim);
}

void add_downpipe(Mesh& mesh, const WallPlane& wall, float x, float top, const FacadeCode& code) {
    add_cylinder(mesh, wall.at(x, 0, -0.09F), wall.at(x, top, -0.09F), 0.05F, 0.05F, 6,
                 facade_surface(metal(code)), false);
}

void add_air_conditioner(Mesh& mesh, const WallPlane& wall, float x, float v) {
    const FacadeCode code{FacadeKind::machine, FacadeZone::trim, 0, 1};
    add_box(mesh, wall.at(x, v, -0.2F), Vector3f(0.8F, 0.34F, 0.58F), facade_surface(code),
            turned(wall));
}

void add_relief(Mesh& mesh, const WallPlane& wall, const WallPlan& plan, float out) {
    const FacadeLayout layout = layout_of(plan.code);
    const Bays bays = bays_of(layout, wall.length);
    const FacadeCode code = with_zone(plan.code, FacadeZone::blind);
    const float half = std::max(0.05F, layout.left - 0.04F);
    const Span height{floor_line(layout, std::max(1, plan.first_floor)), height_of(plan)};
    for (int bay = 0; bay <= bays.count; ++bay) {
        const float x = bays.margin + static_cast<float>(bay) * layout.bay;
        const Span fin{std::max(0.0F, x - half), std::min(wall.length, x + half)};
        add_ledge(mesh, wall, fin, height, out, code);
    }
    for (int floor = std::max(1, plan.first_floor); floor <= plan.floors; ++floor) {
        const float v = floor_line(layout, floor);
        const float below = layout.floor_height - layout.head;
        add_ledge(mesh, wall, {bays.margin, wall.length - bays.margin},
                  {v - std::min(0.2F, below), v + std::min(0.2F, layout.sill)}, out * 0.7F, code);
    }
}

void add_rooftop(Mesh& mesh, const Outline& roof, const FacadeCode& code, bool stairs,
                 base::Random& random) {
    const FacadeCode machine{FacadeKind::machine, FacadeZone::trim, 0, code.number};
    const WallPlane front = wall_plane(roof[0], roof[1], roof[0].z());
    const auto box = [&](float s, float t, const Vector3f& size, const FacadeCode& look) {
        const Vector3f at = part(roof, {s, s}, {t, t})[0];
        add_box(mesh, at + Vector3f(0, 0, size.z() / 2), size, facade_surface(look), turned(front));
    };
    const float width = width_of(roof), depth = depth_of(roof);
    if (stairs) {
        box(between(random, 0.35F, 0.65F), between(random, 0.4F, 0.6F),
            Vector3f(std::min(5.0F, width / 3), std::min(4.0F, depth / 3), 2.8F),
            with_zone(code, FacadeZone::blind));
    }
    const std::uint32_t count = 1 + random.below(4);
    for (std::uint32_t i = 0; i < count; ++i) {
        box(between(random, 0.12F, 0.88F), between(random, 0.15F, 0.85F),
            Vector3f(between(random, 0.8F, 2.2F), between(random, 0.8F, 1.6F),
                     between(random, 0.7F, 1.7F)),
            machine);
    }
}

}  // namespace distillar::simulation
