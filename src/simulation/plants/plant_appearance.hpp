#pragma once
/// Private to roadside_appearance.cpp: leaves, needles, bark and hedge.
#include "simulation/rendering/appearance.hpp"

namespace distillar::simulation {

Appearance plant_appearance(const Hit& hit, float footprint);

}  // namespace distillar::simulation
