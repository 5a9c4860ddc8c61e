#pragma once
/// Private to the vehicle files: cabs, chassis and loads of trucks and trailers.
#include "simulation/objects/car_design.hpp"

namespace distillar::simulation {

struct Cab {
    float front = 4;  ///< x of its foremost point
    float length = 2.2F, width = 2.5F;
    float foot = 0.38F, height = 2.9F, waist = 1.45F, rake = 0.28F;
    float axle = 1.35F;  ///< metres behind the front
    float wheel_radius = 0.5F;
};
/// A cab over the engine, with its front wheels.
void add_cab(Mesh& mesh, const Cab& cab);

/// A cab behind a long bonnet (American), with its front wheels.
void add_long_nosed_cab(Mesh& mesh, const Cab& cab);

/// Frame rails from x = rear to front, with tanks and side guards between `guard_rear` and
/// `guard_front` (none where equal), tail lights, bumper and plate at the rear.
struct Chassis {
    float rear = -4, front = 3, top = 1.05F, width = 2.5F;
    float guard_rear = 0, guard_front = 0;
    Category category = Category::truck;
};
void add_chassis(Mesh& mesh, const Chassis& chassis);

/// A pair of (twin) wheels with mudguards at x.
void add_axle(Mesh& mesh, float x, float radius, float width, bool twin, Category category);

/// A load body from x = rear to front, z from low to high.
struct Load {
    float rear = -4, front = 2, low = 1.1F, high = 3.4F, width = 2.5F;
    Category category = Category::truck;
};
void add_box_body(Mesh& mesh, const Load& load);      ///< plywood or steel, doors behind
void add_curtain_body(Mesh& mesh, const Load& load);  ///< tarpaulin sides
void add_open_body(Mesh& mesh, const Load& load);     ///< dropsides, open above
void add_tank_body(Mesh& mesh, const Load& load);

}  // namespace distillar::simulation
