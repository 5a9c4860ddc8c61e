#pragma once
/// Where a place lies between the curbs.
#include <algorithm>
#include <cmath>

#include "simulation/streets/street_map.hpp"

namespace distillar::test {

/// Metres from the road's rim: positive on a road or a crossing, negative on sidewalks and lots.
inline double inside_road(const simulation::StreetMap& map, const Eigen::Vector2d& at) {
    Eigen::Vector2d depth;  // into the nearest street along y, and that along x
    for (const int along : {0, 1}) {
        const double across = along == 0 ? at.y() : at.x();
        const int below = map.index_below(along, across);
        double best = -1e9;
        for (const int index : {below, below + 1}) {
            const double away = std::abs(across - map.line(along, index));
            best = std::max(best, map.kind({along, index}).curb() - away);
        }
        depth[along] = best;
    }
    const bool crossing = depth.minCoeff() > 0;
    return crossing ? depth.norm() : depth.maxCoeff();  // the corner of a sidewalk is nearest
}

/// Metres into the land behind the sidewalks, from both streets: negative before it.
inline double inside_block(const simulation::StreetMap& map, const Eigen::Vector2d& at) {
    double depth = 1e9;
    for (const int along : {0, 1}) {
        const double across = along == 0 ? at.y() : at.x();
        const int below = map.index_below(along, across);
        for (const int index : {below, below + 1}) {
            const double away = std::abs(across - map.line(along, index));
            depth = std::min(depth, away - map.kind({along, index}).edge());
        }
    }
    return depth;
}

}  // namespace distillar::test
