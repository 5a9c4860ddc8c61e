#include "simulation/objects/coach.hpp"

#include <algorithm>
#include <cmath>

namespace distillar::simulation {

using Eigen::Vector2f;
using Eigen::Vector3f;

namespace {

constexpr int rows = 18;
constexpr int first_of_edge = 9, last_of_edge = 12;

/// How much a rounded corner takes away at `from_end` metres from the end.
float corner_loss(float radius, float from_end) {
    const float into = std::max(0.0F, radius - std::max(from_end, 0.0F));
    return radius - std::sqrt(std::max(0.0F, radius * radius - into * into));
}

Vector3f coach_point(const Coach& c, float s, int row) {
    const float low = c.bottom(s), high = c.top(s);
    const float w =
        c.width / 2 - corner_loss(c.corner, s) - corner_loss(0.6F * c.corner, c.length - s);
    const float radius = std::min(c.edge, 0.45F * (high - low));
    const float side = high - radius - low;
    Vector2f at;
    if (row < first_of_edge) {
        static const std::array<Vector2f, 9> lower = {{{0, 0},
                                                       {0.45F, 0},
                                                       {0.8F, 0},
                                                       {0.985F, 0.008F},
                                                       {1, 0.05F},
                                                       {1, 0.28F},
                                                       {1, 0.5F},
                                                       {1, 0.7F},
                                                       {1, 0.9F}}};
        const Vector2f& share = lower[static_cast<std::size_t>(row)];
        at = {w * share.x(), low + side * share.y()};
    } else if (row <= last_of_edge) {
        const float angle = 1.5707963F * static_cast<float>(row - first_of_edge) /
                            static_cast<float>(last_of_edge - first_of_edge);
        at = {w - radius * (1 - std::cos(angle)), low + side + radius * std::sin(angle)};
    } else {
        at = {(w - radius) * static_cast<float>(rows - 1 - row) /
                  static_cast<float>(rows - 1 - last_of_edge),
              high};
    }
    at.x() = std::max(0.0F, at.x() - (row == 0 ? 0 : c.lean * std::max(0.0F, at.y() - 1.0F)));
    const float across = at.x() / (c.width / 2);
    const float bow = c.front_bow * across * across * std::max(0.0F, 1 - s / 1.5F);
    return {c.length / 2 - s - bow, at.x(), at.y()};
}

std::vector<float> coach_stations(const Coach& c) {
    std::vector<float> list = {0,     0.004F, 0.01F, 0.02F, 0.035F, 0.06F,
                               0.09F, 0.13F,  0.2F,  0.3F,  0.45F};
    for (const float back : {0.0F, 0.004F, 0.012F, 0.03F, 0.06F, 0.1F, 0.16F}) {
        list.push_back(c.length - back);
    }
    for (float s = 0.7F; s < c.length - 0.3F; s += 0.3F) {
        list.push_back(s);
    }
    std::sort(list.begin(), list.end());
    return list;
}

}  // namespace

Shell half_coach(const Coach& coach, const Surface& surface) {
    const std::vector<float> stations = coach_stations(coach);
    Shell shell;
    add_grid(
        shell, rows, static_cast<int>(stations.size()),
        [&](int row, int i) {
            return coach_point(coach, stations[static_cast<std::size_t>(i)], row);
        },
        [&](int, int) { return surface; });
    return shell;
}

Curve coach_top(const CoachSide& side) {
    const float lean = side.rake / (side.height - side.waist);
    const auto leaned = [&](float share) {
        const float rise = share * (side.height - side.waist);
        return Vector2f(0.03F + lean * rise, side.waist + rise);
    };
    const float end = side.length;
    const float roof = leaned(0.9F).x();
    return Curve({{0, side.nose},
                  {0.01F, side.nose + 0.5F * (side.waist - side.nose)},
                  leaned(0),
                  leaned(0.5F),
                  leaned(0.9F),
                  {roof + 0.15F, side.height - 0.02F},
                  {roof + 0.5F, side.height},
                  {end - 0.2F, side.height},
                  {end - 0.07F, side.height - 0.04F},
                  {end - 0.03F, side.height - 0.16F},
                  {end - 0.004F, side.nose + 0.6F},
                  {end, side.nose}});
}

Curve coach_bottom(const CoachSide& side) {
    const float end = side.length;
    return Curve({{0, side.nose},
                  {0.01F, side.foot + 0.5F * (side.nose - side.foot)},
                  {0.03F, side.foot + 0.15F},
                  {0.10F, side.foot},
                  {end - 0.12F, side.foot},
                  {end - 0.02F, side.foot + 0.15F},
                  {end, side.nose}});
}

}  // namespace distillar::simulation
