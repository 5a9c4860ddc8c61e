#pragma once
#include "base/random.hpp"
#include "simulation/buildings/facade_wall.hpp"

namespace distillar::simulation {

// What hangs on walls. Each knows the wall's plan; triangles in brackets. -------------------------

/// Slab and railing on floors 1.. above each other, one column of bays [40-130 a balcony].
void add_balconies(Mesh& mesh, const WallPlane& wall, const WallPlan& plan, int bay, bool bars);

/// Cornice below the roof and a band above the ground floor [20].
void add_cornices(Mesh& mesh, const WallPlane& wall, const WallPlan& plan, float out);

/// Rain pipe from the eaves to the foot [12].
void add_downpipe(Mesh& mesh, const WallPlane& wall, float x, float top, const FacadeCode& code);

/// An outdoor unit on the wall below a window [12].
void add_air_conditioner(Mesh& mesh, const WallPlane& wall, float x, float v);

/// Vertical fins and level bands that stand out of an office's facade [6 each].
void add_relief(Mesh& mesh, const WallPlane& wall, const WallPlan& plan, float out);

/// Boxes on a flat roof: the head of the stairs where `stairs`, ventilation, cooling [12 each].
void add_rooftop(Mesh& mesh, const std::array<Eigen::Vector3f, 4>& roof, const FacadeCode& code,
                 bool stairs, base::Random& random);

}  // namespace distillar::simulation
