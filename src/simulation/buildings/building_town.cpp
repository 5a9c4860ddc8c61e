#include <algorithm>

#include "simulation/buildings/building_kinds.hpp"
#include "simulation/buildings/facade_details.hpp"
#include "simulation/shapes/dice.hpp"

namespace distillar::simulation {

namespace {

constexpr int barred_balcony = 100, closed_balcony = 46;  ///< triangles

FacadeKind draw_kind(const BuildingStyle& style, base::Random& random) {
    const double sum =
        style.plaster_share + style.stone_share + style.brick_share + style.concrete_share;
    const double pick = random.uniform() * sum;
    if (pick < style.plaster_share) {
        return FacadeKind::plaster;
    }
    if (pick < style.plaster_share + style.stone_share) {
        return FacadeKind::stone;
    }
    return pick < style.plaster_share + style.stone_share + style.brick_share ? FacadeKind::brick
                                                                              : FacadeKind::panel;
}

void add_dormers(Mesh& mesh, const Outline& top, const RoofPlan& roof, float slope,
                 base::Random& random) {
    const float width = width_of(top);
    const int count = static_cast<int>(width / between(random, 3.2F, 5));
    Dormer dormer;
    dormer.depth = between(random, 0.35F, 0.7F);
    dormer.foot = std::max(0.1F, dormer.depth * slope);
    dormer.length = std::min(2.2F / slope, depth_of(top) * 0.4F);
    for (int i = 0; i < count; ++i) {
        dormer.x = width * (static_cast<float>(i) + 0.5F) / static_cast<float>(count);
        add_dormer(mesh, top, dormer, roof);
    }
}

void add_pitched_roof(Mesh& mesh, const Outline& top, RoofPlan roof, bool ends_free,
                      base::Random& random) {
    const float depth = depth_of(top);
    const double pick = random.uniform();
    if (pick < 0.3) {
        roof.height = between(random, 2.4F, 3.2F);
        add_mansard_roof(mesh, top, roof);
        add_dormers(mesh, top, roof, 2.4F, random);
    } else {
        const float slope = between(random, 0.55F, 0.95F);
        roof.height = std::min(slope * depth / 2, 6.5F);
        if (pick < 0.85 || !ends_free) {
            add_gable_roof(mesh, top, roof);
        } else {
            add_hip_roof(mesh, top, roof);
        }
        if (random.chance(0.5)) {
            add_dormers(mesh, top, roof, roof.height * 2 / depth, random);
        }
    }
    const std::uint32_t chimneys = 1 + random.below(2);
    for (std::uint32_t i = 0; i < chimneys; ++i) {
        const float s = between(random, 0.1F, 0.9F), t = between(random, 0.35F, 0.65F);
        add_chimney(mesh, part(top, {s, s}, {t, t})[0], roof.height + 1, roof);
    }
}

void add_front_details(Mesh& mesh, const WallPlane& front, const WallPlan& plan,
                       const BuildingStyle& style, int budget, base::Random& random) {
    const Bays bays = bays_of(layout_of(plan.code), front.length);
    if (bays.count > 1 && plan.floors > 1 && random.chance(style.balcony_share)) {
        const int step = static_cast<int>(2 + random.below(2));
        const int first = static_cast<int>(random.below(2));
        const int column = plan.floors - 1, columns = (bays.count - first + step - 1) / step;
        const bool bars = column * columns * barred_balcony < budget;
        const int most = budget / (column * (bars ? barred_balcony : closed_balcony));
        for (int i = 0; i < std::min(columns, most); ++i) {
            add_balconies(mesh, front, plan, first + i * step, bars);
        }
    }
    if (random.chance(0.6)) {
        add_downpipe(mesh, front, random.chance(0.5) ? 0.25F : front.length - 0.25F,
                     height_of(plan) - 0.5F, plan.code);
    }
    const FacadeLayout layout = layout_of(plan.code);
    const std::uint32_t units = random.chance(0.25) ? 1 + random.below(3) : 0;
    for (std::uint32_t i = 0; i < units && bays.count > 0 && plan.floors > 1; ++i) {
        const auto bay = static_cast<float>(random.below(static_cast<unsigned>(bays.count)));
        const auto floor =
            static_cast<int>(1 + random.below(static_cast<unsigned>(plan.floors - 1)));
        add_air_conditioner(mesh, front, bays.margin + bay * layout.bay + 0.45F,
                            floor_line(layout, floor) + 0.45F);
    }
}

}  // namespace

void add_town_house(Mesh& mesh, const Ground& ground, const BuildingStyle& style,
                    const std::array<bool, 4>& open, int budget, base::Random& random) {
    WallPlan plan;
    plan.code = {draw_kind(style, random), FacadeZone::windows,
                 floor_step_of(style.floor_height + between(random, -0.2F, 0.2F)),
                 static_cast<std::uint8_t>(random.below(64))};
    plan.floors = draw_floors(style, random);
    plan.shops = random.chance(style.shop_share);
    plan.door = true;
    plan.seed = random.next();
    const bool pitched = random.chance(style.pitched_share);
    plan.above = pitched ? 0.35F : between(random, 0.6F, 1.1F);
    const float width = (ground.outline[1] - ground.outline[0]).norm();
    plan.recessed_floors =
        recessed_floors(plan.code, width, std::min(plan.floors, 4), std::min(700, budget / 3));
    const std::array<bool, 4> windows{true, open[1] && random.chance(0.6), true,
                                      open[3] && random.chance(0.6)};
    add_walls(mesh, ground, plan, windows);

    const WallPlane front = wall_plane(ground.outline[0], ground.outline[1], ground.outline[0].z());
    add_cornices(mesh, front, plan,
                 plan.code.kind == FacadeKind::panel ? 0.12F : between(random, 0.2F, 0.5F));
    add_front_details(mesh, front, plan, style, budget / 3, random);
    RoofPlan roof;
    roof.wall = plan.code;
    roof.number = static_cast<std::uint8_t>(random.below(16));
    roof.eaves = between(random, 0.3F, 0.6F);
    const Outline top = at_height(ground.outline, ground.outline[0].z() + height_of(plan));
    if (pitched) {
        add_pitched_roof(mesh, top, roof, open[1] && open[3], random);
    } else {
        add_flat_roof(mesh, top, plan.above - 0.1F, roof);
        add_rooftop(mesh, at_height(top, top[0].z() - plan.above + 0.1F), plan.code, true, random);
    }
}

}  // namespace distillar::simulation
