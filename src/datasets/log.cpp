/// A user's own log: log.yaml beside scans, labels and images (architecture.md).
#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "datasets/layout.hpp"
#include "datasets/listed_dataset.hpp"
#include "datasets/log_file.hpp"
#include "datasets/open.hpp"
#include "datasets/taxonomy.hpp"
#include "formats/kitti.hpp"

namespace distillar::datasets {

namespace fs = std::filesystem;

namespace {

/// `path` may be the file itself or its folder. Empty if there is none.
fs::path log_file_of(const fs::path& path) {
    const fs::path file = path.extension() == ".yaml" ? path : path / "log.yaml";
    return fs::is_regular_file(file) ? file : fs::path();
}

/// From a file of classes (taxonomy.hpp) or a plain mapping `id: name`.
std::map<std::uint32_t, std::string> read_label_names(const fs::path& file) {
    const auto yaml = base::Yaml::load(file);
    std::map<std::uint32_t, std::string> names;
    if (!yaml.has("classes")) {
        for (const auto& [key, value] : yaml.items()) {
            const auto id = base::parse_integer(key, file.string());
            if (id < 0 || id > UINT32_MAX) {
                value.fail("a raw id is 0 to 4294967295");
            }
            names[static_cast<std::uint32_t>(id)] = value.as<std::string>();
        }
        return names;
    }
    const auto taxonomy = load_taxonomy_file(file);
    names = taxonomy.raw_names;
    for (const auto& [id, index] : taxonomy.raw_to_class) {
        if (index < taxonomy.classes.size()) {
            names.emplace(id, taxonomy.classes[index]);
        }
    }
    return names;
}

class Log final : public ListedDataset {
public:
    Log(const Selection& selection, std::vector<Entry> entries, LogFile log)
        : ListedDataset("log", selection, std::move(entries)),
          log_(std::move(log)),
          probe_(log_.scans, log_.range) {}

    Frame outline(std::size_t index) const override {
        const std::size_t scan = entry(index).number;
        Frame frame = ListedDataset::outline(index);
        frame.sequence = fs::absolute(log_.file).parent_path().filename().string();
        if (const auto T_world_lidar = log_.scan_pose(scan)) {
            frame.T_world_frame = *T_world_lidar * T_lidar_frame();
        }
        if (!log_.times.empty()) {
            frame.time = log_.times[scan];
        }
        return frame;
    }

    Frame read(std::size_t index) const override {
        Frame frame = outline(index);
        frame.sensor = log_.sensor;
        frame.sensor_height = log_.height;
        frame.intensity_scale = log_.scale ? *log_.scale : probe_.intensity_scale();
        auto cloud = formats::read_cloud(frame.source);
        clamp_intensity(cloud, log_.range);
        fill_points(frame, cloud, labels_of(index, cloud), T_frame_lidar());
        for (const auto& camera : log_.cameras) {
            if (wants_camera(selection(), camera.name)) {
                add_view(frame, camera, entry(index).number);
            }
        }
        return frame;
    }

    bool labelled(std::size_t index) const override {
        return selection().labels &&
               (!entry(index).labels.empty() || log_.labels_named || probe_.has_labels());
    }

    std::map<std::uint32_t, std::string> label_names() const override {
        return log_.label_names.empty() ? std::map<std::uint32_t, std::string>{}
                                        : read_label_names(log_.label_names);
    }

private:
    geometry::Pose T_frame_lidar() const {
        return selection().published_frame ? geometry::Pose::Identity() : log_.T_canonical_lidar;
    }
    /// The general inverse: a user's matrix is a rotation only to 1e-3.
    geometry::Pose T_lidar_frame() const {
        return geometry::Pose(T_frame_lidar().matrix().inverse());
    }

    std::vector<std::uint32_t> labels_of(std::size_t index, const formats::Cloud& cloud) const {
        if (!selection().labels) {
            return {};
        }
        if (!entry(index).labels.empty()) {
            return formats::read_kitti_labels(entry(index).labels, cloud.size()).label;
        }
        if (log_.labels_named && cloud.label.empty()) {
            base::fail_in(entry(index).scan,
                          "{} has `labels` without `files`, but this scan has no field `label`",
                          log_.file.string());
        }
        return cloud.label;
    }

    void add_view(Frame& frame, const LogCamera& camera, std::size_t scan) const {
        const auto image = log_.image_of(camera, scan);
        if (!image) {
            if (names_camera(selection(), camera.name)) {
                base::fail_in(frame.source,
                              "no image of the camera {} within {:g} ms; raise `pair_limit_ms`",
                              camera.name, camera.pair_limit * 1000);
            }
            return;
        }
        CameraView view{camera.name, camera.images[*image], camera.camera,
                        log_.camera_pose(camera, scan, *image) * T_lidar_frame(), camera.border};
        if (view.camera.width == 0) {
            take_image_size(view);
        }
        frame.views.push_back(std::move(view));
    }

    LogFile log_;
    ScanProbe probe_;
};

bool is_log(const fs::path& path) {
    return !log_file_of(path).empty();
}

DatasetPointer open_log(const Selection& selection) {
    const fs::path file = log_file_of(selection.path);
    if (file.empty()) {
        base::fail_in(
            selection.path,
            "there is no log.yaml in it; write one, or read the scans alone with --format folder");
    }
    auto log = read_log_file(file);
    require_no_sequences(selection);
    require_no_split(selection);
    require_sensor(selection, log.sensor.empty() ? std::vector<std::string>{}
                                                 : std::vector<std::string>{log.sensor});
    std::vector<std::string> cameras;
    for (const auto& camera : log.cameras) {
        cameras.push_back(camera.name);
    }
    pick(cameras, selection.cameras, "camera", file);
    std::vector<Entry> entries;
    for (std::size_t i = 0; i < log.scans.size(); ++i) {
        entries.push_back({scan_stem(log.scans[i]), log.scans[i],
                           log.labels.empty() ? fs::path() : log.labels[i], 0, i});
    }
    return std::make_unique<Log>(selection, std::move(entries), std::move(log));
}

}  // namespace

DatasetFormat log_format() {
    return {"log", "", "", is_log, open_log};
}

}  // namespace distillar::datasets
