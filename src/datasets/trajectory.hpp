#pragma once
/// Private to datasets: where the lidar was, from a log's files of times and poses.
#include <filesystem>
#include <optional>
#include <vector>

#include "geometry/points.hpp"

namespace distillar::datasets {

/// Seconds, one a line; empty lines and lines that begin with # are skipped.
/// @throws base::Error naming the line if a value is no finite number or does not increase.
std::vector<double> read_times(const std::filesystem::path& file);

/// KITTI's poses: 12 numbers a line, a 3x4 row by row; empty lines and lines that begin with # are
/// skipped. @throws base::Error naming the line of one that is no rigid transform.
std::vector<geometry::Pose> read_poses(const std::filesystem::path& file);

/// T_world_lidar over time.
class Trajectory {
public:
    Trajectory() = default;
    /// KITTI (12 numbers a line, one line a scan) or TUM (time x y z qx qy qz qw a line, any
    /// number of lines).
    /// @param scan_times  of the log's scans; may be empty: then only TUM says when.
    /// @param scans       number of scans: a KITTI file of another length is an error.
    Trajectory(const std::filesystem::path& file, const std::vector<double>& scan_times,
               std::size_t scans);

    /// At least two poses with times.
    bool usable() const { return times_.size() > 1; }
    /// Linear in position, slerp in rotation. Up to one interval before the first or after the last
    /// pose the motion is continued. None beyond, or if not usable.
    std::optional<geometry::Pose> find(double time) const;
    /// The same of a usable trajectory. @throws base::Error beyond.
    geometry::Pose at(double time) const;

private:
    void read_line(const std::vector<double>& numbers, const std::string& where);

    std::filesystem::path file_;
    std::vector<double> times_;
    std::vector<geometry::Pose> poses_;
};

}  // namespace distillar::datasets
