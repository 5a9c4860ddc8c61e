#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "formats/cloud.hpp"

namespace distillar::formats {

/// KITTI velodyne: float32 x, y, z, remission per point.
Cloud read_kitti_bin(const std::filesystem::path& file);
void write_kitti_bin(const std::filesystem::path& file, const Cloud& cloud);

/// SemanticKITTI .label: uint32 per point, class in the low 16 bits, instance in the high 16.
struct KittiLabels {
    std::vector<std::uint32_t> label;
    std::vector<std::uint32_t> instance;
};
/// @param points  number of points of the scan; another count is an error. 0: any count.
KittiLabels read_kitti_labels(const std::filesystem::path& file, std::size_t points = 0);
void write_kitti_labels(const std::filesystem::path& file, std::span<const std::uint32_t> label,
                        std::span<const std::uint32_t> instance = {});

}  // namespace distillar::formats
