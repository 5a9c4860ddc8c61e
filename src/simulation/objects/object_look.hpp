#pragma once
/// Private to the appearance files of vehicles and people: colours by how often they are seen.
#include <cstdint>

#include "simulation/rendering/appearance.hpp"

namespace distillar::simulation {

enum class Palette : std::uint8_t {
    car,
    van,
    truck,
    load,  ///< box bodies
    bus,
    bus_band,
    frame,  ///< two-wheelers
    upper,  ///< clothes
    lower,
    shoe,
    bag,
    helmet,
    skin,
    hair,
    tarpaulin
};

/// Linear RGB; `number` is random.
Eigen::Vector3f pick(Palette palette, std::uint32_t number);

float luminance(const Eigen::Vector3f& rgb);

/// Dust thrown up by the wheels, 0..1: more near the ground, in soft patches.
float dirt(const Hit& hit, float footprint);

/// Stripes and lettering on the sides of load bodies; changes `albedo` in place.
void add_livery(const Hit& hit, float footprint, Eigen::Vector3f& albedo);

Appearance vehicle_paint(const Hit& hit, float footprint);
Appearance cloth_appearance(const Hit& hit, float footprint);

}  // namespace distillar::simulation
