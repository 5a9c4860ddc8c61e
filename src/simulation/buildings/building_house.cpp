#include <algorithm>

#include "simulation/buildings/building_kinds.hpp"
#include "simulation/buildings/facade_details.hpp"
#include "simulation/shapes/dice.hpp"

namespace distillar::simulation {

using Eigen::Vector3f;

namespace {

FacadeKind draw_kind(const BuildingStyle& style, base::Random& random) {
    const double sum = style.wood_share + style.brick_share + style.plaster_share + 1e-6;
    const double pick = random.uniform() * sum;
    return pick < style.wood_share                       ? FacadeKind::siding
           : pick < style.wood_share + style.brick_share ? FacadeKind::villa
                                                         : FacadeKind::cottage;
}

WallPlane front_of(const Outline& outline) {
    return wall_plane(outline[0], outline[1], outline[0].z());
}

/// A roof turned by a quarter: its gable faces the street.
Outline turned(const Outline& outline) {
    return {outline[1], outline[2], outline[3], outline[0]};
}

void add_roof(Mesh& mesh, const Outline& walls, const WallPlan& plan, RoofPlan roof, bool gable) {
    const Outline top = at_height(walls, walls[0].z() + height_of(plan));
    const Outline along = width_of(top) < depth_of(top) ? turned(top) : top;
    roof.height = std::min(4.5F, roof.height * depth_of(along) / 2);
    if (gable) {
        add_gable_roof(mesh, along, roof);
    } else {
        add_hip_roof(mesh, along, roof);
    }
}

/// Roof on two posts over the door, with a step.
void add_porch(Mesh& mesh, const WallPlane& front, float middle, const WallPlan& plan,
               const RoofPlan& roof) {
    const FacadeCode trim = with_zone(plan.code, FacadeZone::trim);
    const Surface surface = facade_surface(trim);
    const float out = 1.35F, half = 1.1F, top = layout_of(plan.code).ground_height - 0.25F;
    add_ledge(mesh, front, {middle - half, middle + half}, {-0.4F, 0.12F}, out,
              with_zone(plan.code, FacadeZone::plinth));
    for (const float side : {-1.0F, 1.0F}) {
        const Vector3f foot = front.at(middle + side * (half - 0.1F), 0, -out + 0.12F);
        add_cylinder(mesh, foot, foot + Vector3f(0, 0, top), 0.07F, 0.07F, 8, surface, false);
    }
    add_ledge(mesh, front, {middle - half, middle + half}, {top, top + 0.15F}, out, trim);
    add_quad(mesh,
             {front.at(middle - half, top + 0.16F, -out - 0.1F),
              front.at(middle + half, top + 0.16F, -out - 0.1F),
              front.at(middle + half, top + 0.75F, 0), front.at(middle - half, top + 0.75F, 0)},
             {Material::roof_tiles, Category::building, roof.number});
}

/// The front wall of a garage: blind, with one wide door.
void add_garage_front(Mesh& mesh, const WallPlane& wall, const WallPlan& plan) {
    const FacadeCode blind = with_zone(plan.code, FacadeZone::blind);
    const float top = height_of(plan), height = 2.15F;
    const float half = wall.length > 5.2F ? 2.4F : std::min(1.35F, wall.length / 2 - 0.25F);
    const Span door{wall.length / 2 - half, wall.length / 2 + half};
    add_wall_rect(mesh, wall, {0, door.begin}, {-plan.depth_below, top}, 0, blind, 0);
    add_wall_rect(mesh, wall, {door.end, wall.length}, {-plan.depth_below, top}, 0, blind,
                  door.end);
    add_wall_rect(mesh, wall, door, {height, top}, 0, blind, door.begin);
    add_wall_rect(mesh, wall, door, {-plan.depth_below, 0}, 0, blind, door.begin);
    add_reveals(mesh, wall, door, {0, height}, 0.15F, with_zone(plan.code, FacadeZone::trim));
    const FacadeCode panel{FacadeKind::garage, FacadeZone::door, 0, plan.code.number};
    add_wall_rect(mesh, wall, door, {0, height}, 0.15F, panel, 0);
}

void add_garage(Mesh& mesh, const Ground& lot, const WallPlan& house, const RoofPlan& roof) {
    WallPlan plan = house;
    plan.floors = 1;
    plan.windows = plan.door = false;
    plan.depth_below = lot.below;
    for (std::size_t side = 0; side < 4; ++side) {
        const WallPlane wall =
            wall_plane(lot.outline[side], lot.outline[(side + 1) % 4], lot.outline[side].z());
        if (side == 0) {
            add_garage_front(mesh, wall, plan);
        } else {
            add_facade(mesh, wall, plan);
        }
    }
    const Outline top = at_height(lot.outline, lot.outline[0].z() + height_of(plan));
    RoofPlan own = roof;
    own.height = std::min(3.0F, roof.height * width_of(top) / 2);
    add_gable_roof(mesh, turned(top), own);
}

}  // namespace

void add_detached_house(Mesh& mesh, const Ground& ground, const BuildingStyle& style,
                        base::Random& random) {
    WallPlan plan;
    plan.code = {draw_kind(style, random), FacadeZone::windows,
                 floor_step_of(between(random, 2.7F, 2.95F)),
                 static_cast<std::uint8_t>(random.below(64))};
    plan.floors = std::min(2, draw_floors(style, random));
    plan.above = 0.15F;
    plan.seed = random.next();
    RoofPlan roof;
    roof.wall = plan.code;
    roof.number = static_cast<std::uint8_t>(random.below(16));
    roof.height = between(random, 0.4F, 0.8F);  // slope; metres once the span is known
    roof.eaves = between(random, 0.35F, 0.6F);
    roof.rake = 0.3F;

    const float width = width_of(ground.outline);
    const bool garage = width > 11.5F && random.chance(0.8), left = random.chance(0.5);
    const float wing = garage ? std::min(between(random, 3.6F, 6.4F), width * 0.42F) / width : 0;
    const Share main = left ? Share{wing, 1} : Share{0, 1 - wing};
    const Share side = left ? Share{0, wing} : Share{1 - wing, 1};
    const Ground body{part(ground.outline, main, {0, 1}), ground.below};

    const WallPlane front = front_of(body.outline);
    plan.recessed_floors = recessed_floors(plan.code, front.length, plan.floors, 700);
    plan.door = true;
    add_walls(mesh, body, plan, {true, true, true, true});
    add_roof(mesh, body.outline, plan, roof, random.chance(0.7));
    if (garage) {
        const float back = std::min(1.0F, between(random, 6, 8) / depth_of(ground.outline));
        add_garage(mesh, {part(ground.outline, side, {0, back}), ground.below}, plan, roof);
    }
    const Bays bays = bays_of(layout_of(plan.code), front.length);
    if (bays.count > 0 && random.chance(0.75)) {
        const FacadeLayout layout = layout_of(plan.code);
        const float bay = static_cast<float>(door_bay(plan.seed, bays.count)) + 0.5F;
        add_porch(mesh, front, bays.margin + bay * layout.bay, plan, roof);
    }
    if (random.chance(0.6)) {
        const Outline spot = part(body.outline, {0.2F, 0.8F}, {0.4F, 0.6F});
        const float span = std::min(depth_of(body.outline), width_of(body.outline));
        const float ridge = height_of(plan) + std::min(4.5F, roof.height * span / 2);
        add_chimney(mesh, spot[random.below(4)], ridge + 0.7F, roof);
    }
}

}  // namespace distillar::simulation
