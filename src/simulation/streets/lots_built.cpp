// Blocks with buildings around their rim, and blocks of houses in gardens.
#include <algorithm>

#include "simulation/streets/lots.hpp"

namespace distillar::simulation {

namespace {

constexpr Surface paving{Material::paving, Category::sidewalk, 0};
constexpr Surface lawn{Material::grass, Category::terrain, 0};
constexpr Surface yard{Material::gravel, Category::other_ground, 0};
constexpr Surface drive{Material::asphalt, Category::parking, 0};

/// Ends of lots of about the city's frontage between a0 and a1.
std::vector<double> cut(TileWork& work, double a0, double a1) {
    std::vector<double> ends{a0};
    while (ends.back() < a1) {
        const double width = work.random.uniform(work.city.frontage.low, work.city.frontage.high);
        const double end = ends.back() + width;
        ends.push_back(end + 0.7 * work.city.frontage.low > a1 ? a1 : end);
    }
    return ends;
}

/// A row of buildings along a side, wall to wall but for gaps.
void build_row(TileWork& work, const BlockSide& side, double a0, double a1, double setback,
               double depth) {
    const auto ends = cut(work, a0, a1);
    for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
        const double first = ends[i], last = ends[i + 1];
        if (last - first < 7) {
            continue;
        }
        if (work.random.chance(work.city.gap_share)) {
            enclose(work, side.at(first, 0.2), side.at(last, 0.2));
            strew(work, side.part(first, last, 1, depth), 0.8, 1);
            work.plant_thicket(side.at(first, 1.4), side.at(last, 1.4));
            continue;
        }
        build(work, side, first, last, setback, setback + depth, work.city.buildings);
    }
}

void build_house(TileWork& work, const BlockSide& side, double a0, double a1, double depth) {
    const double setback = work.random.uniform(work.city.setback.low, work.city.setback.high);
    const double margin = std::min(3.0, (a1 - a0) * 0.14);
    const double back = std::min(setback + work.random.uniform(9, 13), depth - 1);
    if (back - setback < 7) {
        return;
    }
    build(work, side, a0 + margin, a1 - margin, setback, back, work.city.buildings);
    const double drive_end = std::min(a0 + margin + 4.5, a1);
    if (setback > 4) {
        work.ground.area(side.part(a0 + margin + 0.5, drive_end, 0, setback), curb_height + 0.03,
                         drive);
        if (work.random.chance(0.6) && setback > 5.5) {
            work.park_car(side.at((a0 + margin + 0.5 + drive_end) / 2, setback - 2.8),
                          side.heading() + (work.random.chance(0.5) ? 1.5708 : -1.5708),
                          curb_height + 0.03);
        }
        strew(work, side.part(drive_end + 0.5, a1, 0.5, setback - 1.5),
              0.8 * work.city.plants.garden_trees, 1.5);
    }
    if (work.random.chance(0.5)) {
        enclose(work, side.at(drive_end, 0.4), side.at(a1, 0.4));
    }
    if (work.random.chance(0.7)) {
        enclose(work, side.at(a1, 1), side.at(a1, depth));
    }
    if (setback > 2.5) {
        work.plant_thicket(side.at(drive_end + 0.5, 1.3), side.at(a1, 1.3));
    }
    work.plant_thicket(side.at(a1 - 0.9, 1.5), side.at(a1 - 0.9, depth));
    strew(work, side.part(a0, a1, back + 1, depth), work.city.plants.garden_trees, 0.8);
}

}  // namespace

void fill_built(TileWork& work, const Rectangle& block) {
    const double setback = work.random.uniform(work.city.setback.low, work.city.setback.high);
    const double depth = std::clamp(block.size().minCoeff() / 2 - setback - 4, 8.0, 18.0);
    const double inner = setback + depth;
    const bool green = setback > 2.5 && work.random.chance(0.6);
    for (int i = 0; i < 4; ++i) {
        const BlockSide side(block, i);
        const double inset = i % 2 == 0 ? 0 : inner;
        work.ground.area(side.part(i % 2 == 0 ? 0 : inner, side.length() - inset, 0, inner),
                         curb_height, green ? lawn : paving);
        const double end = i % 2 == 0 ? setback : inner + 0.5;
        build_row(work, side, end, side.length() - end, setback, depth);
        if (green) {
            strew(work, side.part(end, side.length() - end, 0.5, setback - 0.5),
                  work.city.plants.garden_trees, 1.5);
            work.plant_thicket(side.at(end, 1.2), side.at(side.length() / 2 - 3, 1.2));
            work.plant_thicket(side.at(side.length() / 2 + 3, 1.2),
                               side.at(side.length() - end, 1.2));
        }
    }
    const Rectangle court{block.low + Eigen::Vector2d(inner, inner),
                          block.high - Eigen::Vector2d(inner, inner)};
    work.ground.area(court, curb_height, work.random.chance(0.5) ? lawn : yard);
    strew(work, court, 0.6 * work.city.plants.garden_trees, 0.5);
}

void fill_houses(TileWork& work, const Rectangle& block) {
    work.ground.area(block, curb_height, lawn);
    for (int i = 0; i < 4; ++i) {
        const BlockSide side(block, i);
        const double depth = side.depth() / 2 - 1;
        const double end = i % 2 == 0 ? 1 : std::min(side.length() / 3, 22.0);
        if (side.length() - 2 * end < 8) {
            continue;
        }
        const auto ends = cut(work, end, side.length() - end);
        for (std::size_t k = 0; k + 1 < ends.size(); ++k) {
            if (ends[k + 1] - ends[k] > 9 && !work.random.chance(work.city.gap_share)) {
                build_house(work, side, ends[k], ends[k + 1], i % 2 == 0 ? depth : end);
            }
        }
    }
}

}  // namespace distillar::simulation
