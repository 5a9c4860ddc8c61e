#include "simulation/streets/lots.hpp"

#include <numbers>

#include "simulation/streets/enclosure.hpp"

namespace distillar::simulation {

using Eigen::Vector2d;

Vector2d BlockSide::at(double a, double b) const {
    switch (side_) {
        case 0:
            return block_.low + Vector2d(a, b);
        case 1:
            return Vector2d(block_.high.x() - b, block_.low.y() + a);
        case 2:
            return block_.high - Vector2d(a, b);
        default:
            return Vector2d(block_.low.x() + b, block_.high.y() - a);
    }
}

double BlockSide::heading() const {
    return side_ * std::numbers::pi / 2;
}

Rectangle BlockSide::part(double a0, double a1, double b0, double b1) const {
    const Vector2d first = at(a0, b0), second = at(a1, b1);
    return {first.cwiseMin(second), first.cwiseMax(second)};
}

void build(TileWork& work, const BlockSide& side, double a0, double a1, double b0, double b1,
           const BuildingStyle& style) {
    BuildingSite site;
    site.corners = {
        work.ground.at(side.at(a0, b0), curb_height), work.ground.at(side.at(a1, b0), curb_height),
        work.ground.at(side.at(a1, b1), curb_height), work.ground.at(side.at(a0, b1), curb_height)};
    add_building(work.mesh, site, style, work.random.next());
}

void enclose(TileWork& work, const Vector2d& from, const Vector2d& to) {
    const double draw = work.random.uniform();
    const auto seed = work.random.next();
    const auto height = static_cast<float>(work.random.uniform(0.9, 1.9));
    const auto a = work.ground.at(from, curb_height), b = work.ground.at(to, curb_height);
    if (draw < work.city.plants.hedges) {
        add_hedge(work.mesh, a, b, height, 0.7F, seed);
    } else if (draw < work.city.plants.hedges + 0.25) {
        add_wall(work.mesh, a, b, height, seed);
    } else {
        add_fence(work.mesh, a, b, height, static_cast<FenceKind>(seed % 4), seed);
    }
}

void strew(TileWork& work, const Rectangle& area, double trees, double bushes) {
    const Vector2d size = area.size();
    if (size.minCoeff() < 2) {
        return;
    }
    const auto anywhere = [&] {
        return Vector2d(work.random.uniform(area.low.x() + 0.8, area.high.x() - 0.8),
                        work.random.uniform(area.low.y() + 0.8, area.high.y() - 0.8));
    };
    const double hundreds = size.x() * size.y() / 100;
    for (double n = work.random.uniform(); n < trees * hundreds; ++n) {
        work.plant_tree(anywhere());
    }
    for (double n = work.random.uniform(); n < bushes * hundreds; ++n) {
        work.place(pick(work.props.of(PlantKind::bush), work.random.next()), anywhere(),
                   work.random.uniform(0, 6.28), {curb_height});
    }
}

void fill_block(TileWork& work) {
    const Rectangle block = block_of(work.map, work.tile);
    if (block.size().minCoeff() < 12) {
        work.ground.area(block, curb_height, {Material::grass, Category::terrain, 0});
        return;
    }
    const std::string kind = draw(work.city.blocks.kinds, work.random);
    if (kind == "houses") {
        fill_houses(work, block);
    } else if (kind == "park") {
        fill_park(work, block);
    } else if (kind == "parking_lot") {
        fill_parking_lot(work, block);
    } else if (kind == "plaza") {
        fill_plaza(work, block);
    } else if (kind == "works") {
        fill_works(work, block);
    } else {
        fill_built(work, block);
    }
}

}  // namespace distillar::simulation
