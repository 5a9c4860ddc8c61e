#include "simulation/objects/vehicles.hpp"

#include "simulation/objects/car_design.hpp"

namespace distillar::simulation {

namespace {

/// Designs of one kind.
std::vector<const CarDesign*> designs_of(VehicleKind kind) {
    std::vector<const CarDesign*> list;
    for (const CarDesign& design : car_designs()) {
        if (design.kind == kind) {
            list.push_back(&design);
        }
    }
    return list;
}

}  // namespace

int variant_count(VehicleKind kind) {
    switch (kind) {
        case VehicleKind::truck:
            return 4;
        case VehicleKind::semi_truck:
            return 3;
        case VehicleKind::bus:
            return 4;
        case VehicleKind::trailer:
            return 4;
        case VehicleKind::bicycle:
        case VehicleKind::bicyclist:
            return 4;
        case VehicleKind::motorcycle:
        case VehicleKind::motorcyclist:
            return 3;
        default:
            return static_cast<int>(designs_of(kind).size());
    }
}

Mesh make_vehicle(VehicleKind kind, std::uint32_t variant) {
    variant %= static_cast<std::uint32_t>(variant_count(kind));
    switch (kind) {
        case VehicleKind::truck:
            return make_truck(variant);
        case VehicleKind::semi_truck:
            return make_semi_truck(variant);
        case VehicleKind::bus:
            return make_bus(variant);
        case VehicleKind::trailer:
            return make_trailer(variant);
        case VehicleKind::bicycle:
            return make_bicycle(variant);
        case VehicleKind::motorcycle:
            return make_motorcycle(variant);
        case VehicleKind::bicyclist:
            return make_bicyclist(variant);
        case VehicleKind::motorcyclist:
            return make_motorcyclist(variant);
        default:
            return make_car(*designs_of(kind)[variant]);
    }
}

}  // namespace distillar::simulation
