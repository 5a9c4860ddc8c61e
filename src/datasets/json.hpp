#pragma once
/// Private to datasets: JSON files of calibration, read strictly.
#include <filesystem>
#include <nlohmann/json.hpp>
#include <vector>

#include "geometry/points.hpp"

namespace distillar::datasets {

/// @throws base::Error naming the file and the byte where it stops being JSON.
nlohmann::json read_json(const std::filesystem::path& file);

/// The number at `key`. @throws base::Error naming file and key if there is none.
double number_at(const nlohmann::json& object, const char* key, const std::filesystem::path& file);

/// PandaSet's poses.json: [{position: {x, y, z}, heading: {w, x, y, z}}, ...], T_world_sensor.
std::vector<geometry::Pose> read_pandaset_poses(const std::filesystem::path& file);

}  // namespace distillar::datasets
