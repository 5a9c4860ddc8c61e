#pragma once
/// Private to lidar_model.cpp: which way the shots of a column go.
#include "base/yaml.hpp"
#include "simulation/sensors/lidar_model.hpp"

namespace distillar::simulation {

/// `spin` and `beams` of a spinning lidar.
void read_spinning(const base::Yaml& yaml, LidarModel& model);

/// `raster` of a solid-state lidar: lines from top to bottom, to and fro, through several windows
/// side by side at once. One column is one line there and one back.
void read_raster(const base::Yaml& yaml, LidarModel& model);

}  // namespace distillar::simulation
