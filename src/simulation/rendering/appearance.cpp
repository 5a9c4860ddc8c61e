#include "simulation/rendering/appearance.hpp"

namespace distillar::simulation {

Appearance appearance(const Hit& hit, float footprint) {
    const Material material = hit.surface.material;
    if (material < Material::facade) {
        return ground_appearance(hit, footprint);
    }
    if (material < Material::car_paint) {
        return facade_appearance(hit, footprint);
    }
    if (material < Material::leaves) {
        return object_appearance(hit, footprint);
    }
    return roadside_appearance(hit, footprint);
}

}  // namespace distillar::simulation
