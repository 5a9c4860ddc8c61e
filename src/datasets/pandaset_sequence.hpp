#pragma once
/// Private to datasets: one sequence of PandaSet, its poses, cameras and place.
#include <optional>
#include <string>
#include <vector>

#include "datasets/dataset.hpp"
#include "geometry/camera.hpp"

namespace distillar::datasets {

struct PandasetCamera {
    std::string name;  ///< the folder's
    std::filesystem::path folder;
    geometry::Camera camera;                     ///< without width and height
    std::vector<geometry::Pose> T_world_camera;  ///< by frame number
};

struct PandasetSequence {
    std::filesystem::path folder;
    std::vector<geometry::Pose> T_world_ego;  ///< by frame number
    std::vector<PandasetCamera> cameras;
    std::optional<std::vector<double>> times;  ///< seconds, by frame number; none: no file

    /// A frame's time; none if the sequence has none. @throws base::Error if this one is missing.
    std::optional<double> time_of(std::size_t number) const;
};

/// Does the folder hold lidar/*.pkl.gz?
bool is_pandaset_sequence(const std::filesystem::path& folder);

/// Poses, times and, where `selection` wants cameras, their intrinsics and poses.
PandasetSequence read_pandaset_sequence(const std::filesystem::path& folder,
                                        const Selection& selection);

/// poses.json: [{position: {x, y, z}, heading: {w, x, y, z}}, ...], T_world_sensor.
std::vector<geometry::Pose> read_pandaset_poses(const std::filesystem::path& file);

/// Is frame `number` of this sequence in the split?
/// train, val: ScaLR's: sequences with labels, gps latitude > 37.6 and <= 37.6 degrees.
/// ttyd_train, ttyd_val: TTYD's: first 50 and last 30 frames of the sequences with labels.
bool in_pandaset_split(const std::filesystem::path& folder, const std::string& split,
                       std::size_t number);
const std::vector<std::string>& pandaset_splits();

/// The pose of a frame. @throws base::Error naming the folder and number if there is none.
const geometry::Pose& pandaset_pose(const std::vector<geometry::Pose>& poses, std::size_t number,
                                    const std::filesystem::path& folder);

}  // namespace distillar::datasets
