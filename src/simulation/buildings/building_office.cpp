#include <algorithm>

#include "simulation/buildings/building_kinds.hpp"
#include "simulation/buildings/facade_details.hpp"
#include "simulation/shapes/dice.hpp"

namespace distillar::simulation {

namespace {

FacadeKind draw_kind(base::Random& random) {
    const double pick = random.uniform();
    return pick < 0.35 ? FacadeKind::glass : pick < 0.6 ? FacadeKind::ribbon : FacadeKind::grid;
}

/// Fins and bands on the sides seen from the street.
void add_reliefs(Mesh& mesh, const Outline& outline, const WallPlan& plan, base::Random& random) {
    const float out = plan.code.kind == FacadeKind::grid ? between(random, 0.15F, 0.45F)
                                                         : between(random, 0.08F, 0.2F);
    const Bays bays = bays_of(layout_of(plan.code), width_of(outline));
    const bool plain = plan.code.kind == FacadeKind::ribbon ||
                       (plan.code.kind == FacadeKind::glass && random.chance(0.7));
    if (plain || bays.count > 45) {
        return;
    }
    for (const std::size_t side : {0U, 1U, 3U}) {
        const std::size_t next = (side + 1) % 4;
        add_relief(mesh, wall_plane(outline[side], outline[next], outline[side].z()), plan, out);
    }
}

/// A flat roof with what stands on it.
void finish_flat(Mesh& mesh, const Outline& outline, const WallPlan& plan, base::Random& random) {
    const Outline top = at_height(outline, outline[0].z() + height_of(plan));
    RoofPlan roof;
    roof.wall = plan.code;
    roof.number = static_cast<std::uint8_t>(random.below(16));
    add_flat_roof(mesh, top, plan.above, roof);
    add_rooftop(mesh, at_height(top, top[0].z() - plan.above), plan.code, true, random);
}

/// A canopy over the entrance, on the street side.
void add_canopy(Mesh& mesh, const WallPlane& front, const WallPlan& plan, base::Random& random) {
    const FacadeCode trim = with_zone(plan.code, FacadeZone::trim);
    const float middle = front.length * between(random, 0.3F, 0.7F);
    const float half = std::min(between(random, 1.5F, 4), front.length / 4);
    const float v = layout_of(plan.code).ground_height - 0.7F;
    add_ledge(mesh, front, {middle - half, middle + half}, {v, v + 0.25F}, 1.4F, trim);
}

}  // namespace

void add_office(Mesh& mesh, const Ground& ground, const BuildingStyle& style,
                base::Random& random) {
    WallPlan plan;
    plan.code = {draw_kind(random), FacadeZone::windows,
                 floor_step_of(std::max(3.1F, style.floor_height + 0.3F)),
                 static_cast<std::uint8_t>(random.below(64))};
    const int floors = draw_floors(style, random);
    const bool tower =
        floors >= 7 && std::min(width_of(ground.outline), depth_of(ground.outline)) > 13;
    plan.floors = tower ? 1 + static_cast<int>(random.below(3)) : floors;
    plan.above = between(random, 0.6F, 1.2F);
    plan.shops = random.chance(style.shop_share * 0.6);
    plan.door = true;
    plan.seed = random.next();
    const float width = (ground.outline[1] - ground.outline[0]).norm();
    plan.recessed_floors = recessed_floors(plan.code, width, std::min(plan.floors, 2), 500);
    const std::array<bool, 4> open{true, true, true, true};
    add_walls(mesh, ground, plan, open);
    add_canopy(mesh, wall_plane(ground.outline[0], ground.outline[1], ground.outline[0].z()), plan,
               random);
    finish_flat(mesh, ground.outline, plan, random);
    if (!tower) {
        add_reliefs(mesh, ground.outline, plan, random);
        return;
    }
    // The tower stands back from its podium's edges.
    WallPlan upper = plan;
    upper.code.number = static_cast<std::uint8_t>(random.below(64));
    upper.code.kind = random.chance(0.5) ? plan.code.kind : draw_kind(random);
    upper.floors = floors;
    upper.first_floor = plan.floors;
    upper.shops = upper.door = false;
    upper.recessed_floors = 0;
    const Ground above{offset(ground.outline, -between(random, 1, 3)), 0};
    add_walls(mesh, above, upper, open);
    add_reliefs(mesh, above.outline, upper, random);
    finish_flat(mesh, above.outline, upper, random);
}

}  // namespace distillar::simulation
