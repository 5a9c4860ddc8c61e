#include "datasets/log_file.hpp"

#include <algorithm>
#include <cmath>

#include "base/log.hpp"
#include "datasets/layout.hpp"
#include "datasets/listed_dataset.hpp"

namespace distillar::datasets {

namespace fs = std::filesystem;

namespace {

constexpr int version = 1;
constexpr double default_pair_limit = 0.1;  // seconds

void read_intensity(const base::Yaml& yaml, LogFile& log) {
    if (yaml.is_map()) {
        yaml.allow_keys({"mean", "deviation"});
        const geometry::IntensityScale scale{yaml["mean"].as<float>(),
                                             yaml["deviation"].as<float>()};
        if (!std::isfinite(scale.mean) || !(scale.deviation > 0) ||
            !std::isfinite(scale.deviation)) {
            yaml.fail("mean must be finite and deviation above 0");
        }
        log.scale = scale;
        return;
    }
    const auto range = yaml.as<std::vector<float>>();
    if (range.size() != 2 || !std::isfinite(range[0]) || !std::isfinite(range[1]) ||
        !(range[0] < range[1])) {
        yaml.fail("must be [lowest, highest], or {mean: ..., deviation: ...}");
    }
    log.range = IntensityRange{range[0], range[1]};
}

geometry::Pose frame_from(const base::Yaml& yaml) {
    if (!yaml.is_scalar()) {
        return pose_at(yaml);
    }
    const auto name = yaml.as<std::string>();
    if (name == "x-forward") {
        return geometry::Pose::Identity();
    }
    if (name == "y-forward") {
        return canonical_from_y_forward();
    }
    yaml.fail(
        fmt::format("'{}' is no frame; use x-forward, y-forward, or the 4x4 that maps a scan "
                    "to x forward, y left, z up",
                    name));
}

void check_scans(const base::Yaml& yaml, const LogFile& log) {
    std::vector<std::string> stems;
    for (const auto& scan : log.scans) {
        if (!formats::is_cloud_name(scan)) {
            yaml.fail(fmt::format("{} is not a scan by its name (.pcd, .ply, .bin, .pcd.bin)",
                                  scan.filename().string()));
        }
        stems.push_back(scan_stem(scan));
    }
    std::sort(stems.begin(), stems.end());
    const auto twice = std::adjacent_find(stems.begin(), stems.end());
    if (twice != stems.end()) {
        yaml.fail(fmt::format("two scans are named '{}'; make the pattern more exact", *twice));
    }
}

void read_lidar(const base::Yaml& yaml, const fs::path& folder, LogFile& log) {
    yaml.allow_keys({"scans", "sensor", "height", "intensity", "frame", "times", "poses"});
    log.scans = files_matching(path_at(yaml["scans"], folder));
    check_scans(yaml["scans"], log);
    log.sensor = yaml.get<std::string>("sensor", "");
    log.height = yaml.get("height", 0.0F);
    if (!(log.height >= 0 && log.height <= 100)) {
        yaml["height"].fail("must be metres above the road, 0 (unknown) to 100");
    }
    if (const auto intensity = yaml.find("intensity")) {
        read_intensity(*intensity, log);
    }
    if (const auto frame = yaml.find("frame")) {
        log.T_canonical_lidar = frame_from(*frame);
    }
    if (const auto times = yaml.find("times")) {
        log.times = read_times(path_at(*times, folder));
        if (log.times.size() != log.scans.size()) {
            times->fail(fmt::format("{} times for {} scans; write one a scan", log.times.size(),
                                    log.scans.size()));
        }
    }
    if (const auto poses = yaml.find("poses")) {
        log.trajectory = Trajectory(path_at(*poses, folder), log.times, log.scans.size());
    }
}

void read_labels(const base::Yaml& yaml, const fs::path& folder, LogFile& log) {
    yaml.allow_keys({"files", "names"});
    log.labels_named = true;
    if (const auto names = yaml.find("names")) {
        log.label_names = path_at(*names, folder);
        if (!fs::is_regular_file(log.label_names)) {
            names->fail(fmt::format("{} is not there", log.label_names.string()));
        }
    }
    if (const auto files = yaml.find("files")) {
        log.labels = files_matching(path_at(*files, folder));
        if (log.labels.size() != log.scans.size()) {
            files->fail(
                fmt::format("{} label files for {} scans; they are paired by order of "
                            "name, so there must be one a scan",
                            log.labels.size(), log.scans.size()));
        }
    }
}

void read_cameras(const base::Yaml& yaml, const fs::path& folder, double pair_limit, LogFile& log) {
    for (const auto& [name, entry] : yaml.items()) {
        auto camera = read_log_camera(name, entry, folder, pair_limit);
        const bool by_time = !camera.times.empty() && !log.times.empty();
        if (!by_time && camera.images.size() != log.scans.size()) {
            entry.fail(
                fmt::format("{} images for {} scans; without `times` of both they are "
                            "paired by order, so there must be one a scan",
                            camera.images.size(), log.scans.size()));
        }
        if (looks_inverse(camera.T_camera_lidar * log.T_canonical_lidar.inverse())) {
            spdlog::warn(
                "{}: cameras.{}.T_camera_lidar looks like its inverse (T_lidar_camera): images "
                "would not stand upright; look with `distillar project --overlay`",
                log.file.string(), name);
        }
        log.cameras.push_back(std::move(camera));
    }
}

}  // namespace

fs::path path_at(const base::Yaml& yaml, const fs::path& folder) {
    const auto text = yaml.as<std::string>();
    const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7F; };
    if (std::any_of(text.begin(), text.end(), is_control)) {
        yaml.fail("a path with control characters; write it plainly");
    }
    return folder / text;
}

LogFile read_log_file(const fs::path& file) {
    const auto yaml = base::Yaml::load(file);
    yaml.allow_keys({"distillar-log", "lidar", "labels", "cameras", "pair_limit_ms"});
    if (yaml["distillar-log"].as<int>() != version) {
        yaml["distillar-log"].fail(fmt::format("version {} is not known; this program reads {}",
                                               yaml["distillar-log"].as<int>(), version));
    }
    LogFile log;
    log.file = file;
    const fs::path folder = file.parent_path();
    read_lidar(yaml["lidar"], folder, log);
    if (const auto labels = yaml.find("labels")) {
        read_labels(*labels, folder, log);
    }
    if (const auto cameras = yaml.find("cameras")) {
        read_cameras(*cameras, folder, pair_limit_at(yaml, default_pair_limit), log);
    }
    return log;
}

std::optional<std::size_t> LogFile::image_of(const LogCamera& camera, std::size_t scan) const {
    if (camera.times.empty() || times.empty()) {
        return scan;
    }
    const double time = times[scan];
    const auto after = std::lower_bound(camera.times.begin(), camera.times.end(), time);
    auto nearest = static_cast<std::size_t>(after - camera.times.begin());
    const bool before_is_nearer =
        nearest > 0 && (nearest == camera.times.size() ||
                        time - camera.times[nearest - 1] <= camera.times[nearest] - time);
    nearest -= before_is_nearer ? 1 : 0;
    if (std::abs(camera.times[nearest] - time) > camera.pair_limit) {
        return std::nullopt;
    }
    return nearest;
}

std::optional<geometry::Pose> LogFile::scan_pose(std::size_t scan) const {
    return times.empty() ? std::nullopt : trajectory.find(times[scan]);
}

geometry::Pose LogFile::camera_pose(const LogCamera& camera, std::size_t scan,
                                    std::size_t image) const {
    if (!trajectory.usable() || times.empty() || camera.times.empty()) {
        return camera.T_camera_lidar;
    }
    const geometry::Pose T_world_scan = trajectory.at(times[scan]);
    const geometry::Pose T_world_image = trajectory.at(camera.times[image]);
    return camera.T_camera_lidar * T_world_image.inverse() * T_world_scan;
}

}  // namespace distillar::datasets
