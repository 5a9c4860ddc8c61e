#pragma once
/// Private to datasets: log.yaml, a user's own log (architecture.md).
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/yaml.hpp"
#include "datasets/scan_probe.hpp"
#include "datasets/trajectory.hpp"
#include "geometry/camera.hpp"

namespace distillar::datasets {

struct LogCamera {
    std::string name;
    std::vector<std::filesystem::path> images;
    std::vector<double> times;  ///< seconds, one an image, or empty
    geometry::Camera camera;    ///< width 0: the images say
    geometry::Pose T_camera_lidar = geometry::Pose::Identity();  ///< from the scan files' frame
    double pair_limit = 0.1;                                     ///< seconds
    geometry::BorderRule border;                                 ///< the house's, if not said
};

/// Everything that log.yaml says, with patterns resolved and counts checked.
struct LogFile {
    std::filesystem::path file;
    std::vector<std::filesystem::path> scans;
    std::string sensor;  ///< a name, or ""
    float height = 0;    ///< metres above the road; 0: not said
    std::optional<IntensityRange> range;
    std::optional<geometry::IntensityScale> scale;
    geometry::Pose T_canonical_lidar = geometry::Pose::Identity();
    std::vector<double> times;  ///< seconds, one a scan, or empty
    Trajectory trajectory;
    bool labels_named = false;                  ///< there is a section `labels`
    std::vector<std::filesystem::path> labels;  ///< one a scan, or empty: the clouds' own
    std::filesystem::path label_names;          ///< or empty
    std::vector<LogCamera> cameras;             ///< in the file's order

    /// The image that belongs to a scan: by order, or the nearest in time where both have times.
    std::optional<std::size_t> image_of(const LogCamera& camera, std::size_t scan) const;
    /// T_world_lidar of the scan files' frame at scan time; none: no poses then.
    std::optional<geometry::Pose> scan_pose(std::size_t scan) const;
    /// From the scan files' frame at scan time to the camera at image time.
    geometry::Pose camera_pose(const LogCamera& camera, std::size_t scan, std::size_t image) const;
};

/// Scans carry their keys as the architecture document shows them. Beyond it: `lidar.sensor` (a
/// name), `lidar.intensity: {mean, deviation}` (instead of a range), `pair_limit_ms`, for all
/// cameras or in one (default 100), and `border: {min_depth, inclusive}` of a camera (which
/// projected points count; default 1 m, false).
/// @throws base::Error naming file, line and key.
LogFile read_log_file(const std::filesystem::path& file);

/// One camera of the section `cameras`. @param folder  of log.yaml.
LogCamera read_log_camera(const std::string& name, const base::Yaml& yaml,
                          const std::filesystem::path& folder, double pair_limit);

/// Whether images would lie on their side or head, but stand upright with the inverse: what one
/// gives who takes T_lidar_camera for T_camera_lidar. @param T_camera_lidar  from x forward, z up.
bool looks_inverse(const geometry::Pose& T_camera_lidar);

/// A path below `folder`. @throws base::Error if it has control characters: paths stand in
/// messages.
std::filesystem::path path_at(const base::Yaml& yaml, const std::filesystem::path& folder);

/// A rigid transform from a list of rows.
geometry::Pose pose_at(const base::Yaml& yaml);
/// `key` as a limit in milliseconds -> seconds.
double pair_limit_at(const base::Yaml& yaml, double fallback);

}  // namespace distillar::datasets
