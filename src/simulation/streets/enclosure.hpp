#pragma once
#include "simulation/shapes/mesh.hpp"

namespace distillar::simulation {

/// A garden wall of brick, plaster or stone with a coping, Category::wall. `from` and `to` lie on
/// the ground, metres; the wall follows the slope between them and reaches 0.5 m below.
void add_wall(Mesh& mesh, const Eigen::Vector3f& from, const Eigen::Vector3f& to, float height,
              std::uint32_t seed);

enum class FenceKind {
    wire_mesh,  ///< posts and one sheet that lets most pulses through
    pickets,    ///< wooden slats with gaps
    railing,    ///< thin metal bars
    boards      ///< closed
};

/// Category::fence. The same course as a wall's. All but `wire_mesh` are real bars with real gaps.
void add_fence(Mesh& mesh, const Eigen::Vector3f& from, const Eigen::Vector3f& to, float height,
               FenceKind kind, std::uint32_t seed);

}  // namespace distillar::simulation
