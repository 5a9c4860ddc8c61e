#pragma once
/// Private to datasets: where and when the scans of one KITTI odometry sequence were.
#include <filesystem>
#include <optional>
#include <vector>

#include "geometry/points.hpp"

namespace distillar::datasets {

struct KittiDrive {
    std::filesystem::path folder;                              ///< the sequence's
    std::optional<std::vector<geometry::Pose>> T_world_lidar;  ///< by the scan's number
    std::optional<std::vector<double>> times;                  ///< seconds, by the scan's number

    /// The scan's number, which is its line (from 0) in poses.txt and times.txt; 0 without them.
    /// @throws base::Error if its name is no number, or a file has fewer lines.
    std::size_t line_of(const std::filesystem::path& scan) const;
};

/// From poses.txt and times.txt of the sequence's folder, each if it is there. The file of poses
/// has T_world_camera0; T_world_lidar = Tr^-1 T_world_camera0 Tr as in the semantic-kitti API, so
/// that the world is the first scan's frame. Without a calibration there are no poses.
/// @throws base::Error naming file and line of what is broken.
KittiDrive read_kitti_drive(const std::filesystem::path& folder,
                            const std::optional<std::filesystem::path>& calibration);

}  // namespace distillar::datasets
