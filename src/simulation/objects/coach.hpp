#pragma once
/// Private to the vehicle files: box-like bodies with rounded edges (buses, truck cabs).
#include "simulation/shapes/body_cuts.hpp"

namespace distillar::simulation {

struct Coach {
    float length = 12, width = 2.55F;
    Curve top, bottom;        ///< z over s, metres behind the front
    float edge = 0.15F;       ///< radius of the roof's edge
    float corner = 0.2F;      ///< radius of the vertical edges
    float front_bow = 0.12F;  ///< how far the front's middle stands out
    float lean = 0.02F;       ///< inward lean of the sides, metres a metre
};

/// Half of it (y >= 0), centred at x = 0, all of one surface.
Shell half_coach(const Coach& coach, const Surface& surface);

/// z over s of a box-like side view: `foot` its lowest z, `nose` the z of its foremost point,
/// `waist` where the front begins to lean back by `rake` metres until the roof at `height`.
struct CoachSide {
    float length, foot, nose, waist, rake, height;
};
Curve coach_top(const CoachSide& side);
Curve coach_bottom(const CoachSide& side);

}  // namespace distillar::simulation
