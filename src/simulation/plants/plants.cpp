#include "simulation/plants/plants.hpp"

#include "simulation/plants/plant_kinds.hpp"

namespace distillar::simulation {

Mesh make_plant(PlantKind kind, std::uint32_t variant) {
    base::Random random(0x706c616e74, static_cast<std::uint64_t>(kind), variant);
    switch (kind) {
        case PlantKind::broadleaf:
            return make_broadleaf(random);
        case PlantKind::columnar:
            return make_columnar(random);
        case PlantKind::conifer:
            return make_conifer(random);
        case PlantKind::palm:
            return make_palm(random);
        case PlantKind::bare:
            return make_bare_tree(random);
        case PlantKind::bush:
            break;
    }
    return make_bush(random);
}

}  // namespace distillar::simulation
