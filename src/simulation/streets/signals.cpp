#include "simulation/streets/signals.hpp"

#include <cmath>

#include "simulation/shapes/noise.hpp"

namespace distillar::simulation {

SignalPhase signal_phase(int i, int j, int along, double time) {
    const double offset =
        signal_cycle * hash_unit(static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j), 97) +
        along * signal_cycle / 2;
    const double turns = (time + offset) / signal_cycle;
    const double cycle = std::floor(turns);
    const double into = (turns - cycle) * signal_cycle;
    SignalPhase phase;
    phase.cycle = static_cast<long>(cycle);
    if (into < signal_red) {
        phase.into_red = into;
    } else {
        phase.light = into < signal_cycle - 3 ? SignalPhase::green : SignalPhase::amber;
    }
    return phase;
}

}  // namespace distillar::simulation
