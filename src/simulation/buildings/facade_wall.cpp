#include "simulation/buildings/facade_wall.hpp"

#include <algorithm>
#include <cmath>

#include "simulation/shapes/noise.hpp"

namespace distillar::simulation {

using Eigen::Vector3f;

namespace {

/// One storey with real reveals.
class Storey {
public:
    Storey(Mesh& mesh, const WallPlane& wall, const WallPlan& plan, const FacadeLayout& layout,
           int floor)
        : mesh_(mesh),
          wall_(wall),
          code_(plan.code),
          layout_(layout),
          v_{floor_line(layout, floor), floor_line(layout, floor + 1)},
          sill_(v_.begin + (floor == 0 ? layout.ground_sill : layout.sill)),
          head_(v_.begin + (floor == 0 ? layout.ground_head : layout.head)) {}

    /// Bays [first, last) of a wall whose bay 0 begins at `bays.margin` with texture u = `u0`.
    void add_bays(const Bays& bays, int first, int last, float u0) {
        if (last <= first) {
            return;
        }
        const auto edge = [&](int bay) {
            return bays.margin + static_cast<float>(bay) * layout_.bay;
        };
        const auto u_at = [&](float x) { return u0 + x - bays.margin; };
        const FacadeCode blind = with_zone(code_, FacadeZone::blind);
        const auto rect = [&](Span x, Span v, const FacadeCode& code, float depth) {
            if (x.end - x.begin > 1e-3F && v.end - v.begin > 1e-3F) {
                add_wall_rect(mesh_, wall_, x, v, depth, code, u_at(x.begin));
            }
        };
        const FacadeCode shown = with_zone(code_, FacadeZone::windows);
        rect({edge(first), edge(last)}, {v_.begin, sill_}, shown, 0);
        rect({edge(first), edge(last)}, {head_, v_.end}, shown, 0);
        float pier = edge(first);
        for (int bay = first; bay < last; ++bay) {
            const Span x{edge(bay) + layout_.left, edge(bay) + layout_.right};
            rect({pier, x.begin}, {sill_, head_}, shown, 0);
            rect(x, {sill_, head_}, with_zone(code_, FacadeZone::pane), layout_.recess);
            add_reveals(mesh_, wall_, x, {sill_, head_}, layout_.recess, blind);
            if (code_.kind != FacadeKind::glass && code_.kind != FacadeKind::ribbon) {
                add_ledge(mesh_, wall_, {x.begin - 0.08F, x.end + 0.08F}, {sill_ - 0.07F, sill_},
                          0.09F, with_zone(code_, FacadeZone::trim));
            }
            pier = x.end;
        }
        rect({pier, edge(last)}, {sill_, head_}, shown, 0);
    }

private:
    Mesh& mesh_;
    const WallPlane& wall_;
    FacadeCode code_;
    FacadeLayout layout_;
    Span v_;
    float sill_, head_;
};

void add_door_bay(Mesh& mesh, const WallPlane& wall, const WallPlan& plan,
                  const FacadeLayout& layout, const Span& x, float u) {
    const FacadeCode blind = with_zone(plan.code, FacadeZone::blind);
    const float middle = (x.begin + x.end) / 2, half = layout.door_width / 2;
    const Span door{middle - half, middle + half};
    const float depth = std::max(layout.recess, 0.2F);
    add_wall_rect(mesh, wall, {x.begin, door.begin}, {0, layout.ground_height}, 0, blind, u);
    add_wall_rect(mesh, wall, {door.end, x.end}, {0, layout.ground_height}, 0, blind,
                  u + door.end - x.begin);
    add_wall_rect(mesh, wall, door, {layout.door_height, layout.ground_height}, 0, blind,
                  u + door.begin - x.begin);
    add_reveals(mesh, wall, door, {0, layout.door_height}, depth, blind);
    add_wall_rect(mesh, wall, door, {0, layout.door_height}, depth,
                  with_zone(plan.code, FacadeZone::door), 0);
    add_ledge(mesh, wall, {door.begin - 0.2F, door.end + 0.2F}, {-0.3F, 0.0F}, 0.45F,
              with_zone(plan.code, FacadeZone::trim));
    if (hash_unit(plan.seed, 31) < 0.4F) {
        add_ledge(mesh, wall, {door.begin - 0.25F, door.end + 0.25F},
                  {layout.door_height + 0.15F, layout.door_height + 0.27F}, 0.9F,
                  with_zone(plan.code, FacadeZone::trim));
    }
}

void add_ground_floor(Mesh& mesh, const WallPlane& wall, const WallPlan& plan,
                      const FacadeLayout& layout, const Bays& bays, float u0) {
    const float ground = layout.ground_height;
    int first = 0, door = -1;
    if (plan.shops) {
        const int each = static_cast<int>(std::lround(layout.shop_width / layout.bay));
        const int shop_bays = bays.count / each * each;
        first = bays.count - shop_bays;
        add_shops(mesh, wall,
                  {bays.margin + static_cast<float>(first) * layout.bay,
                   bays.margin + static_cast<float>(bays.count) * layout.bay},
                  plan);
        door = first > 0 ? first - 1 : -1;
    } else {
        first = bays.count;
        door = plan.door ? door_bay(plan.seed, bays.count) : -1;
    }
    const auto row = [&](int begin, int end) {
        const float u = u0 + static_cast<float>(begin) * layout.bay;
        const float x = bays.margin + static_cast<float>(begin) * layout.bay;
        if (plan.recessed_floors > 0) {
            Storey(mesh, wall, plan, layout, 0).add_bays(bays, begin, end, u0);
        } else if (end > begin) {
            add_wall_rect(mesh, wall, {x, x + static_cast<float>(end - begin) * layout.bay},
                          {0, ground}, 0, with_zone(plan.code, FacadeZone::windows), u);
        }
    };
    if (door < 0) {
        row(0, first);
        return;
    }
    row(0, door);
    const float x = bays.margin + static_cast<float>(door) * layout.bay;
    add_door_bay(mesh, wall, plan, layout, {x, x + layout.bay},
                 u0 + static_cast<float>(door) * layout.bay);
    row(door + 1, first);
}

}  // namespace

float floor_line(const FacadeLayout& layout, int floor) {
    return floor == 0 ? 0
                      : layout.ground_height + static_cast<float>(floor - 1) * layout.floor_height;
}

float height_of(const WallPlan& plan) {
    return floor_line(layout_of(plan.code), plan.floors) + plan.above;
}

Bays bays_of(const FacadeLayout& layout, float length) {
    Bays bays;
    bays.count = std::max(0, static_cast<int>((length - 0.4F) / layout.bay));
    bays.margin = (length - static_cast<float>(bays.count) * layout.bay) / 2;
    return bays;
}

int door_bay(std::uint32_t seed, int bays) {
    return static_cast<int>(hash(seed, 7) % static_cast<unsigned>(bays));
}

void add_facade(Mesh& mesh, const WallPlane& wall, const WallPlan& plan) {
    const FacadeLayout layout = layout_of(plan.code);
    const Bays bays = bays_of(layout, wall.length);
    const FacadeCode blind = with_zone(plan.code, FacadeZone::blind);
    const float foot = floor_line(layout, plan.first_floor), roof = floor_line(layout, plan.floors);
    const float top = roof + plan.above;
    if (plan.first_floor == 0) {
        add_wall_rect(mesh, wall, {0, wall.length}, {-plan.depth_below, 0}, 0,
                      with_zone(plan.code, FacadeZone::plinth), 0);
    }
    if (!plan.windows || bays.count == 0) {
        add_wall_rect(mesh, wall, {0, wall.length}, {foot, top}, 0, blind, 0);
        return;
    }
    // Texture begins at another bay on every wall, so that no two show the same curtains.
    const float u0 = layout.bay * static_cast<float>(hash(plan.seed, 3) % 64);
    const Span x{bays.margin, wall.length - bays.margin};
    add_wall_rect(mesh, wall, {0, x.begin}, {foot, top}, 0, blind, u0 - x.begin);
    add_wall_rect(mesh, wall, {x.end, wall.length}, {foot, top}, 0, blind, u0 + x.end - x.begin);
    if (plan.above > 0) {
        add_wall_rect(mesh, wall, x, {roof, top}, 0, blind, u0);
    }
    if (plan.first_floor == 0) {
        add_ground_floor(mesh, wall, plan, layout, bays, u0);
    }
    const int recessed = std::min(plan.floors, plan.recessed_floors);
    const int first = std::max(1, plan.first_floor);
    for (int floor = first; floor < recessed; ++floor) {
        Storey(mesh, wall, plan, layout, floor).add_bays(bays, 0, bays.count, u0);
    }
    const int flat = std::max(first, recessed);
    if (flat < plan.floors) {
        add_wall_rect(mesh, wall, x, {floor_line(layout, flat), roof}, 0,
                      with_zone(plan.code, FacadeZone::windows), u0);
    }
}

}  // namespace distillar::simulation
