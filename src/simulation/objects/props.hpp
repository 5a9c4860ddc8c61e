#pragma once
#include <array>
#include <memory>
#include <vector>

#include "simulation/objects/furniture.hpp"
#include "simulation/objects/people.hpp"
#include "simulation/objects/vehicles.hpp"
#include "simulation/plants/plants.hpp"
#include "simulation/rendering/scene.hpp"

namespace distillar::simulation {

/// Shapes of one kind that differ in form.
using Variants = std::vector<std::shared_ptr<const Shape>>;

/// Every shape that stands in cities, made once.
struct Props {
    static constexpr int stride_phases = 8;

    std::array<Variants, vehicle_kind_count> vehicles;
    std::array<Variants, plant_kind_count> plants;
    Variants standing;                            ///< people
    std::array<Variants, stride_phases> walking;  ///< by phase of the step
    Variants street_lights, poles, signs, cones, barriers, things;
    std::array<Variants, 3> traffic_lights;  ///< red, amber, green

    Props();
    /// Made at the first call, kept to the program's end.
    static const Props& shared();
    const Variants& of(VehicleKind kind) const { return vehicles[static_cast<std::size_t>(kind)]; }
    const Variants& of(PlantKind kind) const { return plants[static_cast<std::size_t>(kind)]; }
};

/// One of several, chosen by a number.
inline const std::shared_ptr<const Shape>& pick(const Variants& variants, std::uint32_t number) {
    return variants[number % variants.size()];
}

}  // namespace distillar::simulation
