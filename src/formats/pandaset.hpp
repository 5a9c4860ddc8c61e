#pragma once
#include <filesystem>
#include <vector>

#include "formats/cloud.hpp"

namespace distillar::formats {

/// PandaSet lidar .pkl.gz: gzip of a pickled pandas frame with columns x y z i t (world frame,
/// intensity 0..255, seconds) and d (sensor), read by a restricted unpickler.
Cloud read_pandaset_lidar(const std::filesystem::path& file);

/// PandaSet semseg .pkl.gz: one integer column `class`. `points` as in read_kitti_labels.
std::vector<std::uint32_t> read_pandaset_labels(const std::filesystem::path& file,
                                                std::size_t points = 0);

}  // namespace distillar::formats
