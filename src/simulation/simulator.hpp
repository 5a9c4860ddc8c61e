#pragma once
#include <memory>

#include "simulation/city.hpp"
#include "simulation/frame.hpp"
#include "simulation/rig.hpp"

namespace distillar::simulation {

/// Drives one vehicle through one city.
class Simulator {
public:
    Simulator(City city, Rig rig, std::uint64_t seed);
    ~Simulator();
    /// Depends on city, rig, seed and number alone. Cheapest in ascending order.
    SimulatedFrame frame(int number);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace distillar::simulation
