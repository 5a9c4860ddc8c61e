#pragma once
/// formats: one reader/writer pair per file format. Files are hostile: sizes are checked before
/// anything is allocated, and errors name file, offset or key, and what to do.
#include <cstdint>
#include <filesystem>
#include <vector>

#include "geometry/points.hpp"

namespace distillar::formats {

/// A point cloud as a file holds it: the file's own frame, non-finite points included.
/// Optional fields are empty when the file lacks them.
struct Cloud {
    geometry::Points points;
    std::vector<float> intensity;  ///< in the sensor's own scale
    std::vector<std::uint16_t> ring;
    std::vector<double> time;          ///< seconds
    std::vector<std::uint32_t> label;  ///< raw class id
    std::vector<std::uint32_t> instance;
    std::vector<std::uint8_t> sensor;  ///< PandaSet's d: 0 = Pandar64, 1 = PandarGT

    std::size_t size() const { return static_cast<std::size_t>(points.rows()); }
};

/// Reads any supported cloud by its name: .pcd.bin (nuScenes), .bin (KITTI), .pcd, .ply.
/// @throws base::Error naming the supported endings for any other.
Cloud read_cloud(const std::filesystem::path& file);

/// True if the name ends like a cloud that read_cloud reads.
bool is_cloud_name(const std::filesystem::path& file);

}  // namespace distillar::formats
