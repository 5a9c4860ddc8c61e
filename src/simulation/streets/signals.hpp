#pragma once
#include "simulation/streets/street_map.hpp"

namespace distillar::simulation {

/// Where a crossing's lights stand in their cycle for traffic along x (along = 0) or y (1).
struct SignalPhase {
    enum Light { red, amber, green } light = red;
    double into_red = 0;  ///< seconds since it turned red, if it is
    long cycle = 0;       ///< number of the cycle
};

/// Every crossing keeps these phases, whether it shows lights or not.
SignalPhase signal_phase(int i, int j, int along, double time);

inline constexpr double signal_cycle = 40;  ///< seconds
inline constexpr double signal_red = 22;

}  // namespace distillar::simulation
