#pragma once
/// Private to the furniture files: one function a StreetThing.
#include "base/random.hpp"
#include "simulation/shapes/mesh.hpp"

namespace distillar::simulation {

Mesh make_litter_bin(base::Random& random);
Mesh make_wheeled_bins(base::Random& random);
Mesh make_bollard(base::Random& random);
Mesh make_bench(base::Random& random);
Mesh make_mailbox(base::Random& random);
Mesh make_cabinet(base::Random& random);
Mesh make_bus_stop(base::Random& random);
Mesh make_advertising_column(base::Random& random);
Mesh make_bicycle_rack(base::Random& random);
Mesh make_hydrant(base::Random& random);
Mesh make_parking_meter(base::Random& random);
Mesh make_planter(base::Random& random);

}  // namespace distillar::simulation
