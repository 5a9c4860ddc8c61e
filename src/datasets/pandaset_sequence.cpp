#include "datasets/pandaset_sequence.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "datasets/layout.hpp"
#include "formats/json.hpp"

namespace distillar::datasets {

namespace fs = std::filesystem;

namespace {

constexpr double split_latitude = 37.6;  // degrees; ScaLR: San Francisco north of it
constexpr std::size_t ttyd_train_frames = 50;

bool has_semseg(const fs::path& folder) {
    return !files_in(folder / "annotations/semseg", ".pkl.gz").empty();
}

/// Latitude of the first frame, if the sequence has meta/gps.json.
std::optional<double> latitude(const fs::path& folder) {
    const fs::path file = folder / "meta/gps.json";
    if (!fs::is_regular_file(file)) {
        return std::nullopt;
    }
    std::optional<double> first;
    formats::read_json_rows(file, {"lat"}, [&](formats::JsonFields& row) {
        first = first ? first : row.number64("lat");
    });
    if (!first) {
        base::fail_in(file, "must be a list with at least one position");
    }
    return first;
}

fs::path times_file(const fs::path& folder) {
    return folder / "meta/timestamps.json";
}

/// Seconds, by frame number, if the sequence has meta/timestamps.json.
std::optional<std::vector<double>> read_sequence_times(const fs::path& folder) {
    const fs::path file = times_file(folder);
    if (!fs::is_regular_file(file)) {
        return std::nullopt;
    }
    const auto json = formats::read_json(file);
    if (!json.is_array()) {
        base::fail_in(file, "must be a list of times in seconds");
    }
    std::vector<double> times;
    times.reserve(json.size());
    for (const auto& value : json) {
        if (!value.is_number()) {
            base::fail_in(file, "time {} must be a number, in seconds", times.size());
        }
        times.push_back(value.get<double>());
    }
    return times;
}

PandasetCamera read_camera(const fs::path& folder) {
    PandasetCamera result;
    result.name = folder.filename().string();
    result.folder = folder;
    const fs::path file = folder / "intrinsics.json";
    const auto json = formats::read_json(file);
    formats::JsonFields fields(json, "", file);
    result.camera.fx = fields.number64("fx");
    result.camera.fy = fields.number64("fy");
    result.camera.cx = fields.number64("cx");
    result.camera.cy = fields.number64("cy");
    result.T_world_camera = read_pandaset_poses(folder / "poses.json");
    return result;
}

}  // namespace

std::vector<geometry::Pose> read_pandaset_poses(const fs::path& file) {
    std::vector<geometry::Pose> poses;
    formats::read_json_rows(file, {"position", "heading"}, [&](formats::JsonFields& row) {
        auto position = row.object("position"), heading = row.object("heading");
        const Eigen::Vector3d translation(position.number64("x"), position.number64("y"),
                                          position.number64("z"));
        try {
            poses.push_back(geometry::pose_from(heading.number64("w"), heading.number64("x"),
                                                heading.number64("y"), heading.number64("z"),
                                                translation));
        } catch (const base::Error& error) {
            base::fail_in(file, "pose {}: {}", poses.size(), error.what());
        }
    });
    return poses;
}

bool is_pandaset_sequence(const fs::path& folder) {
    return !files_in(folder / "lidar", ".pkl.gz").empty();
}

PandasetSequence read_pandaset_sequence(const fs::path& folder, const Selection& selection) {
    PandasetSequence sequence;
    sequence.folder = folder;
    sequence.T_world_ego = read_pandaset_poses(folder / "lidar/poses.json");
    sequence.times = read_sequence_times(folder);
    for (const auto& name : folders_in(folder / "camera")) {
        if (wants_camera(selection, name)) {
            sequence.cameras.push_back(read_camera(folder / "camera" / name));
        }
    }
    return sequence;
}

std::optional<double> PandasetSequence::time_of(std::size_t number) const {
    if (!times) {
        return std::nullopt;
    }
    if (number >= times->size()) {
        base::fail_in(times_file(folder), "has {} times, none for frame {}", times->size(), number);
    }
    return (*times)[number];
}

const std::vector<std::string>& pandaset_splits() {
    static const std::vector<std::string> splits{"train", "val", "ttyd_train", "ttyd_val"};
    return splits;
}

bool in_pandaset_split(const fs::path& folder, const std::string& split, std::size_t number) {
    if (split == "all") {
        return true;
    }
    if (!has_semseg(folder)) {
        return false;
    }
    if (split.starts_with("ttyd")) {
        return (number < ttyd_train_frames) == (split == "ttyd_train");
    }
    const auto lat = latitude(folder);
    return lat && (*lat > split_latitude) == (split == "train");
}

const geometry::Pose& pandaset_pose(const std::vector<geometry::Pose>& poses, std::size_t number,
                                    const fs::path& folder) {
    if (number >= poses.size()) {
        base::fail_in(folder / "poses.json", "has {} poses, none for frame {}", poses.size(),
                      number);
    }
    return poses[number];
}

}  // namespace distillar::datasets
