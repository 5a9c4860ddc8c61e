#pragma once
/// Private to the vehicle files: bicycles and motorcycles, with or without riders.
#include "simulation/objects/figure.hpp"

namespace distillar::simulation {

/// Where a rider touches the machine; left side (y > 0).
struct Seat {
    Eigen::Vector3f saddle, grip;
    std::array<Eigen::Vector3f, 2> foot;  ///< soles, left and right
    float lean = 0.3F;                    ///< of the back, radians
};

Seat add_bicycle(Mesh& mesh, std::uint32_t variant, Category category);
Seat add_motorcycle(Mesh& mesh, std::uint32_t variant, Category category);
void add_rider(Mesh& mesh, const Figure& figure, const Seat& seat, Category category);

/// A thin tyre with its rim; both sides alike. `hub`: a disc of this share of the radius.
void add_thin_wheel(Mesh& mesh, const Eigen::Vector3f& centre, float radius, float tyre, int spokes,
                    Category category);

}  // namespace distillar::simulation
