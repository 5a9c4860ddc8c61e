#pragma once
/// Private to lidar.cpp: the rows of a scan while they are gathered.
#include <vector>

#include "simulation/sensors/frame.hpp"
#include "simulation/sensors/lidar_model.hpp"
#include "simulation/sensors/lidar_shot.hpp"

namespace distillar::simulation {

/// Rows in the order of firing.
struct LidarRows {
    std::vector<Eigen::Vector3d> points;
    std::vector<std::uint32_t> shot;  ///< column * beams + beam
    LidarScan scan;                   ///< without points
};

void add_row(LidarRows& rows, const Eigen::Vector3d& point, float intensity, const Echo& echo);

LidarRows joined(const std::vector<LidarRows>& chunks);

/// In the model's order of rows.
LidarScan scan_of(const LidarModel& model, const LidarRows& rows);

}  // namespace distillar::simulation
