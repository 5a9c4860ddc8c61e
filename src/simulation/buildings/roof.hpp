#pragma once
#include "simulation/buildings/facade.hpp"
#include "simulation/shapes/outline.hpp"

namespace distillar::simulation {

/// How a roof looks and how far it stands out, metres.
struct RoofPlan {
    std::uint8_t number = 0;  ///< 0..15: colour of its tiles
    float height = 3;         ///< ridge above the walls
    float eaves = 0.4F;       ///< beyond front and back
    float rake = 0;           ///< beyond the gables
    FacadeCode wall;          ///< of the house below: gables, dormers, trim
};

/// `outline` is the top of the walls, level. Ridge along the street.
void add_gable_roof(Mesh& mesh, const Outline& outline, const RoofPlan& plan);
void add_hip_roof(Mesh& mesh, const Outline& outline, const RoofPlan& plan);

/// Steep sides up to a flat top.
void add_mansard_roof(Mesh& mesh, const Outline& outline, const RoofPlan& plan);

/// Lies `sunk` metres below the top of the walls, which go on as a parapet.
void add_flat_roof(Mesh& mesh, const Outline& outline, float sunk, const RoofPlan& plan);

/// A window that stands up from a slope: `depth` behind the front wall, its foot at height `foot`
/// above the outline, running back `length` metres.
struct Dormer {
    float x = 0;  ///< middle, metres along the front
    float depth = 0.5F, foot = 0.5F, length = 2;
};
void add_dormer(Mesh& mesh, const Outline& outline, const Dormer& dormer, const RoofPlan& plan);

void add_chimney(Mesh& mesh, const Eigen::Vector3f& foot, float height, const RoofPlan& plan);

}  // namespace distillar::simulation
