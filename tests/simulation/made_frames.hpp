#pragma once
/// Frames made by hand: what the simulator would hand to the writers.
#include "simulation/sensors/frame.hpp"
#include "simulation/sensors/rig.hpp"

namespace distillar::test {

/// A rig with small images; sensors as in configs/rigs/NAME.yaml.
simulation::Rig small_rig(const std::string& name);

/// T_world_vehicle of a car that drives a curve uphill.
geometry::Pose vehicle_at(double time);

/// Frame `number` of a rig: some points of every category around each lidar, pixels of every
/// category, times and poses of the moving car. Depends on rig and number alone.
simulation::SimulatedFrame made_frame(const simulation::Rig& rig, int number);

}  // namespace distillar::test
