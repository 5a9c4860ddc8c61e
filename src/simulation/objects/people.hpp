#pragma once
#include "simulation/shapes/mesh.hpp"

namespace distillar::simulation {

/// People that differ in more than colour: men, women, children; coats, skirts, bags.
inline constexpr int person_variant_count = 14;

/// A person, x forward, z up, metres; feet on z = 0 below the hips. Category::person.
/// @param stride  negative: stands; otherwise the phase 0..1 of a double step (left foot ahead at
/// 0).
Mesh make_person(std::uint32_t variant, float stride);

/// Metres that a walking person covers in one double step (phase 0..1).
float step_length(std::uint32_t variant);

}  // namespace distillar::simulation
