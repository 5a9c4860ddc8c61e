// Roads, markings, curbs and sidewalks of a tile.
#include "simulation/streets/ground.hpp"

namespace distillar::simulation {

using Eigen::Vector2d;

namespace {

constexpr double crossing_gap = 1.0, crossing_width = 3.0;

constexpr Surface asphalt{Material::asphalt, Category::road, 0};
constexpr Surface crossing{Material::crossing, Category::road, 0};
constexpr Surface bays{Material::parking_bays, Category::parking, 0};
constexpr Surface paving{Material::paving, Category::sidewalk, 0};
constexpr Surface verge{Material::grass, Category::terrain, 0};
constexpr Surface curb_stone{Material::curb, Category::sidewalk, 0};

Surface lanes_of(const StreetKind& kind) {
    return {Material::lanes, Category::road, static_cast<std::uint16_t>(kind.lanes)};
}

/// The part of a stretch that is a foot crossing, at its begin (end = 0) or end (1).
Interval crossing_of(const Stretch& stretch, int end) {
    return end == 0
               ? Interval{stretch.begin + crossing_gap,
                          stretch.begin + crossing_gap + crossing_width}
               : Interval{stretch.end - crossing_gap - crossing_width, stretch.end - crossing_gap};
}

void lay_road(Ground& ground, const Stretch& stretch, const StreetKind& kind) {
    const Street& street = stretch.street;
    const double curb = kind.curb(), edge = kind.lanes_edge();
    const Interval first = crossing_of(stretch, 0), last = crossing_of(stretch, 1);
    for (const auto& [s0, s1] :
         {std::pair(stretch.begin, first.low), std::pair(last.high, stretch.end)}) {
        ground.strip(street, s0, s1, -curb, curb, 0, asphalt);
    }
    ground.strip(street, first.low, first.high, -curb, curb, 0, crossing);
    ground.strip(street, last.low, last.high, -curb, curb, 0, crossing);
    ground.strip(street, first.high, last.low, -edge, edge, 0, lanes_of(kind));
    ground.strip(street, first.high, last.low, edge, curb, 0, bays);
    ground.strip(street, first.high, last.low, -curb, -edge, 0, bays);
}

void lay_sidewalk(Ground& ground, const StreetMap& map, const Stretch& stretch,
                  const StreetKind& kind, int side) {
    const double stone = 0.2;
    const double grass = kind.verge ? 1.4 : 0;
    const auto strip = [&](double inner, double outer, const Surface& surface, double s0,
                           double s1) {
        const double c0 = side > 0 ? kind.curb() + inner : -kind.curb() - outer;
        ground.strip(stretch.street, s0, s1, c0, c0 + outer - inner, curb_height, surface);
    };
    const double begin = stretch.begin, end = stretch.end;
    strip(0, stone, curb_stone, begin, end);
    strip(stone, stone + grass, verge, begin + 5, end - 5);
    strip(stone, stone + grass, paving, begin, begin + 5);
    strip(stone, stone + grass, paving, end - 5, end);
    strip(stone + grass, kind.sidewalk, paving, begin, end);
    const Vector2d from = map.point(stretch.street, side > 0 ? begin : end, side * kind.curb());
    const Vector2d to = map.point(stretch.street, side > 0 ? end : begin, side * kind.curb());
    ground.curb(from, to);
}

/// The crossing of two streets and its four corners of sidewalk.
void lay_crossing(Ground& ground, const StreetMap& map, const Tile& tile) {
    const Vector2d middle(map.line(1, tile.i), map.line(0, tile.j));
    const StreetKind x_kind = map.kind({1, tile.i}), y_kind = map.kind({0, tile.j});
    const Vector2d curb(x_kind.curb(), y_kind.curb()), edge(x_kind.edge(), y_kind.edge());
    ground.area({middle - curb, middle + curb}, 0, asphalt);
    for (const double x : {-1.0, 1.0}) {
        for (const double y : {-1.0, 1.0}) {
            const Vector2d inner = middle + Vector2d(x * curb.x(), y * curb.y());
            const Vector2d outer = middle + Vector2d(x * edge.x(), y * edge.y());
            ground.area({inner.cwiseMin(outer), inner.cwiseMax(outer)}, curb_height, paving);
        }
    }
}

}  // namespace

void lay_streets(Ground& ground, const StreetMap& map, const Tile& tile) {
    lay_crossing(ground, map, tile);
    for (const int along : {0, 1}) {
        const Stretch stretch = stretch_of(map, tile, along);
        const StreetKind kind = map.kind(stretch.street);
        lay_road(ground, stretch, kind);
        for (const int side : {-1, 1}) {
            lay_sidewalk(ground, map, stretch, kind, side);
        }
    }
}

}  // namespace distillar::simulation
