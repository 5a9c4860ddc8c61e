#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "formats/cloud.hpp"

namespace distillar::formats {

/// nuScenes .pcd.bin: float32 x, y, z, intensity, ring per point.
Cloud read_nuscenes_bin(const std::filesystem::path& file);
void write_nuscenes_bin(const std::filesystem::path& file, const Cloud& cloud);

/// nuScenes lidarseg .bin: uint8 per point. `points` as in read_kitti_labels.
std::vector<std::uint32_t> read_lidarseg(const std::filesystem::path& file, std::size_t points = 0);
/// @throws base::Error if a label exceeds 255.
void write_lidarseg(const std::filesystem::path& file, std::span<const std::uint32_t> label);

}  // namespace distillar::formats
