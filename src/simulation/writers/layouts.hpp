#pragma once
#include <string>
#include <vector>

#include "simulation/sensors/rig.hpp"

namespace distillar::simulation {

/// The layouts that are written: semantickitti, nuscenes, log.
const std::vector<std::string>& known_layouts();

/// Why the layout cannot hold the rig's sensors, e.g. "it holds one lidar, not 2"; "" if it can.
std::string misfit(const Rig& rig, const std::string& layout);

/// The layout asked for, or the rig's first one if `layout` is "".
/// @throws base::Error for an unknown layout (nearest name) and for one that does not fit the rig
///         (names `log`, which fits any).
std::string choose_layout(const Rig& rig, const std::string& layout);

}  // namespace distillar::simulation
