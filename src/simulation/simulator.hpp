#pragma once
#include <limits>
#include <memory>

#include "simulation/sensors/frame.hpp"
#include "simulation/sensors/rig.hpp"
#include "simulation/streets/city.hpp"

namespace distillar::simulation {

/// Drives one vehicle through one city.
class Simulator {
public:
    Simulator(City city, Rig rig, std::uint64_t seed);
    ~Simulator();
    /// Depends on city, rig, seed and number alone. Cheapest in ascending order.
    SimulatedFrame frame(int number);

    /// T_world_vehicle at a frame's time, without a look around: cheap.
    geometry::Pose drive_to(int number);

    // Questions about the last frame. `time`: seconds since the log began, while its sensors
    // looked.
    // ------------------------------------------------------------------------------------------

    /// T_world_vehicle.
    geometry::Pose vehicle_pose(double time) const;
    /// What a look from one place towards another (world, metres) meets first: sky if nothing.
    struct Sight {
        Category category = Category::sky;
        double distance = std::numeric_limits<double>::infinity();  ///< metres
    };
    Sight look(const Eigen::Vector3d& from, const Eigen::Vector3d& towards, double time) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace distillar::simulation
