#pragma once
/// Private to simulation: names, times and tokens of a log in nuScenes' layout.
#include <cstdint>
#include <string>

#include "simulation/writers/layout_writer.hpp"

namespace distillar::simulation {

inline constexpr const char* nuscenes_version = "v1.0-trainval";

/// Microseconds since 1970: the simulated drive begins on 1 January 2020.
std::int64_t nuscenes_timestamp(double seconds);

/// 32 hexadecimal digits that depend on the recording's city, rig, seed and sequence, and on
/// `what`, e.g. "sample/12".
std::string nuscenes_token(const Recording& recording, const std::string& what);

/// "scene-0061".
std::string scene_name(const Recording& recording);
/// "sim-a-s7-0061": begins every file name.
std::string log_name(const Recording& recording);

/// "samples/LIDAR_TOP/LOG__LIDAR_TOP__TIMESTAMP.pcd.bin", relative to the root.
std::string scan_name(const Recording& recording, const FrameRecord& record);
std::string image_name(const Recording& recording, const FrameRecord& record, std::size_t camera);
/// "lidarseg/VERSION/TOKEN_lidarseg.bin".
std::string lidarseg_name(const Recording& recording, const FrameRecord& record);
/// "maps/TOKEN.png".
std::string map_name(const Recording& recording);

/// Token of the sample_data row (and ego_pose row) of a sensor's frame.
std::string data_token(const Recording& recording, const std::string& channel, int index);

/// Writes the tables: the rows of the samples last, so that none refers to a row that is not there.
void write_nuscenes_tables(const Recording& recording, const std::vector<FrameRecord>& records);

}  // namespace distillar::simulation
