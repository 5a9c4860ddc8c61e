/// What `simulate` reads of a user's own: cities, rigs, lidars.
#include "fuzz/files.hpp"
#include "simulation/sensors/rig.hpp"
#include "simulation/streets/city.hpp"

using namespace distillar;

FUZZ_TARGET(city_and_rig) {
    static const fuzz::MemoryFolder folder;
    const std::string file = fuzz::lay(folder, "own.yaml", fuzz::text_of(bytes));
    fuzz::survive([&] { simulation::load_city(file); });
    fuzz::survive([&] { simulation::load_rig(file); });
    fuzz::survive([&] { simulation::load_lidar(file); });
}
