#include <algorithm>

#include "simulation/buildings/building_kinds.hpp"
#include "simulation/buildings/facade_details.hpp"
#include "simulation/shapes/dice.hpp"

namespace distillar::simulation {

void add_shop_strip(Mesh& mesh, const Ground& ground, const BuildingStyle& style,
                    base::Random& random) {
    WallPlan plan;
    const bool shed = random.chance(0.2);
    plan.code = {shed ? FacadeKind::shed : FacadeKind::arcade, FacadeZone::windows,
                 floor_step_of(style.floor_height + 0.2F),
                 static_cast<std::uint8_t>(random.below(64))};
    plan.floors = 1;
    plan.above = between(random, 0.6F, 1.6F);
    plan.shops = !shed;
    plan.door = true;
    plan.seed = random.next();
    plan.recessed_floors = 1;
    add_walls(mesh, ground, plan, {true, random.chance(0.3), shed, random.chance(0.3)});

    const FacadeCode trim = with_zone(plan.code, FacadeZone::trim);
    const WallPlane front = wall_plane(ground.outline[0], ground.outline[1], ground.outline[0].z());
    const float top = height_of(plan);
    add_ledge(mesh, front, {0, front.length}, {top - 0.25F, top}, 0.15F, trim);
    if (random.chance(0.5)) {
        const float v = layout_of(plan.code).ground_height - 0.05F;
        add_ledge(mesh, front, {0, front.length}, {v, v + 0.3F}, between(random, 0.8F, 1.4F), trim);
    }
    RoofPlan roof;
    roof.wall = plan.code;
    roof.number = static_cast<std::uint8_t>(random.below(16));
    const Outline crown = at_height(ground.outline, ground.outline[0].z() + top);
    add_flat_roof(mesh, crown, plan.above - 0.1F, roof);
    add_rooftop(mesh, at_height(crown, crown[0].z() - plan.above + 0.1F), plan.code, false, random);
}

}  // namespace distillar::simulation
