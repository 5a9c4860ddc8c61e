#pragma once
#include "simulation/shapes/mesh.hpp"

namespace distillar::simulation {

enum class VehicleKind : std::uint8_t {
    sedan,
    hatchback,  ///< small cars, estates
    suv,
    pickup,
    van,  ///< family vans to high panel vans
    truck,
    semi_truck,  ///< tractor with its trailer (Category::trailer)
    bus,
    trailer,  ///< alone
    motorcycle,
    bicycle,
    motorcyclist,  ///< with rider; every triangle is Category::motorcyclist
    bicyclist      ///< with rider; every triangle is Category::bicyclist
};
inline constexpr int vehicle_kind_count = static_cast<int>(VehicleKind::bicyclist) + 1;

/// Variants of a kind that differ in more than colour (colours come from Hit::paint).
int variant_count(VehicleKind kind);

/// One vehicle in real-world size: x forward, y left, z up, metres; the centre of its length at
/// x = 0, wheels on z = 0. The same for the same (kind, variant modulo variant_count).
/// Pickups are trucks, vans are cars: as SemanticKITTI, nuScenes and Cityscapes have it.
Mesh make_vehicle(VehicleKind kind, std::uint32_t variant);

}  // namespace distillar::simulation
