#include "simulation/simulate.hpp"

#include "base/error.hpp"
#include "simulation/simulator.hpp"

namespace distillar::simulation {

SimulateReport simulate(const SimulateOptions& options, const std::function<void()>& started) {
    const City city = load_city(options.city);
    Rig rig = load_rig(options.rig);
    if (options.interval != 0) {
        if (!(options.interval > 0 && options.interval <= 86400)) {
            base::fail("--interval {}: give seconds above 0, at most a day", options.interval);
        }
        rig.interval = options.interval;
    }
    Simulator simulator(city, rig, options.seed);
    return write_simulation(
        options, rig, [&](int number) { return simulator.frame(number); }, started);
}

}  // namespace distillar::simulation
