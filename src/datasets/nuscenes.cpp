/// nuScenes (Caesar et al., CVPR 2020): tables v1.0-*, key frames of LIDAR_TOP and six cameras.
#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/files.hpp"
#include "datasets/layout.hpp"
#include "datasets/listed_dataset.hpp"
#include "datasets/open.hpp"
#include "formats/nuscenes_files.hpp"
#include "formats/nuscenes_tables.hpp"

namespace distillar::datasets {

namespace fs = std::filesystem;

namespace {

using Tables = formats::NuScenesTables;

constexpr const char* lidar_channel = "LIDAR_TOP";
/// In the order of the published loaders.
const std::vector<std::string> camera_channels{"CAM_FRONT", "CAM_FRONT_RIGHT", "CAM_BACK_RIGHT",
                                               "CAM_BACK",  "CAM_BACK_LEFT",   "CAM_FRONT_LEFT"};

bool is_tables_folder(const fs::path& folder) {
    return folder.filename().string().starts_with("v1.0-") &&
           fs::is_regular_file(folder / "sample_data.json");
}

/// `path` may be the root or the folder of tables itself.
std::vector<fs::path> tables_folders(const fs::path& path) {
    if (is_tables_folder(path)) {
        return {path};
    }
    std::vector<fs::path> folders;
    for (const auto& name : folders_in(path)) {
        if (name.starts_with("v1.0-")) {
            folders.push_back(path / name);
        }
    }
    return folders;
}

fs::path only_tables_folder(const fs::path& path) {
    const auto folders = tables_folders(path);
    if (folders.empty()) {
        base::fail_in(path, "there is no folder v1.0-* of tables in it; give the folder above it");
    }
    if (folders.size() > 1) {
        std::vector<std::string> names;
        for (const auto& folder : folders) {
            names.push_back(folder.filename().string());
        }
        base::fail_in(path, "holds several folders of tables ({}); give one as the path, e.g. {}",
                      listed(names), folders.back().string());
    }
    return folders.front();
}

/// The row of the sample's key frame of a channel, or null.
const Tables::SampleData* row_of(const Tables& tables, const std::string& sample,
                                 const std::string& channel) {
    const auto rows = tables.data.find(sample);
    if (rows == tables.data.end()) {
        return nullptr;
    }
    for (const auto& row : rows->second) {
        const auto sensor = tables.calibrated.find(row.calibrated_sensor);
        if (sensor != tables.calibrated.end() && sensor->second.channel == channel) {
            return &row;
        }
    }
    return nullptr;
}

/// A file that a table names; it may not lead out of the data set's folder.
fs::path file_of(const fs::path& root, const std::string& file) {
    const fs::path relative = fs::path(file).lexically_normal();
    if (file.empty() || relative.is_absolute() || *relative.begin() == "..") {
        base::fail_in(root, "a table names the file '{}', which is not inside this folder", file);
    }
    return root / relative;
}

class NuScenes final : public ListedDataset {
public:
    NuScenes(const Selection& selection, std::vector<Entry> entries, fs::path root, Tables tables)
        : ListedDataset("nuscenes", selection, std::move(entries)),
          root_(std::move(root)),
          tables_(std::move(tables)) {}

    Frame outline(std::size_t index) const override {
        Frame frame = ListedDataset::outline(index);
        frame.sequence = tables_.scene_names.at(tables_.samples[entry(index).number].scene);
        const auto& row = *row_of(tables_, frame.id, lidar_channel);
        frame.time = static_cast<double>(row.timestamp) * 1e-6;
        // The pose's row may dangle: only what is asked for must resolve.
        if (const auto ego = tables_.ego_poses.find(row.ego_pose); ego != tables_.ego_poses.end()) {
            frame.T_world_frame = ego->second *
                                  tables_.calibrated.at(row.calibrated_sensor).T_ego_sensor *
                                  T_frame_lidar().inverse();
        }
        return frame;
    }

    Frame read(std::size_t index) const override {
        Frame frame = outline(index);
        frame.sensor = "hdl32e";
        frame.intensity_scale = {18.742355F, 22.04632F};
        frame.sensor_height = 1.84F;
        const auto cloud = formats::read_nuscenes_bin(frame.source);
        std::vector<std::uint32_t> labels;
        if (labelled(index)) {
            labels = formats::read_lidarseg(entry(index).labels, cloud.size());
        }
        fill_points(frame, cloud, labels, T_frame_lidar());
        for (const auto& channel : camera_channels) {
            if (wants_camera(selection(), channel)) {
                add_view(frame, channel);
            }
        }
        return frame;
    }

    std::map<std::uint32_t, std::string> label_names() const override {
        std::map<std::uint32_t, std::string> names;
        for (const auto& category : tables_.categories) {
            if (category.index >= 0) {
                names[static_cast<std::uint32_t>(category.index)] = category.name;
            }
        }
        return names.empty() ? raw_names_of("nuscenes") : names;
    }
    std::string label_layout() const override { return "lidarseg"; }

private:
    geometry::Pose T_frame_lidar() const {
        return selection().published_frame ? geometry::Pose::Identity()
                                           : canonical_from_y_forward();
    }

    const geometry::Pose& pose_at(const std::string& token) const {
        const auto found = tables_.ego_poses.find(token);
        if (found == tables_.ego_poses.end()) {
            base::fail_in(root_, "ego_pose.json has no row '{}', which projection needs", token);
        }
        return found->second;
    }

    void add_view(Frame& frame, const std::string& channel) const {
        const auto* row = row_of(tables_, frame.id, channel);
        const fs::path image = row == nullptr ? fs::path() : file_of(root_, row->file);
        if (row == nullptr || !fs::is_regular_file(image)) {
            if (names_camera(selection(), channel)) {
                base::fail_in(row == nullptr ? root_ : image,
                              "{} of the sample {} is asked for, but {}; leave `cameras` out",
                              channel, frame.id,
                              row == nullptr ? "sample_data.json has no row of it"
                                             : "its image is not there");
            }
            return;
        }
        const auto& lidar_row = *row_of(tables_, frame.id, lidar_channel);
        const auto& lidar = tables_.calibrated.at(lidar_row.calibrated_sensor);
        const auto& sensor = tables_.calibrated.at(row->calibrated_sensor);
        CameraView view{channel, image, camera_from(*row, sensor), geometry::Pose::Identity(), {}};
        if (view.camera.width <= 0 || view.camera.height <= 0) {
            take_image_size(view);
        }
        // lidar -> ego at lidar time -> global -> ego at camera time -> camera.
        view.T_camera_lidar = sensor.T_ego_sensor.inverse() * pose_at(row->ego_pose).inverse() *
                              pose_at(lidar_row.ego_pose) * lidar.T_ego_sensor *
                              T_frame_lidar().inverse();
        frame.views.push_back(std::move(view));
    }

    geometry::Camera camera_from(const Tables::SampleData& row,
                                 const Tables::CalibratedSensor& sensor) const {
        const auto& k = sensor.intrinsic;
        if (k.size() != 9) {
            base::fail_in(root_,
                          "calibrated_sensor.json: '{}' has {} numbers in camera_intrinsic, and "
                          "a camera needs 3 x 3",
                          row.calibrated_sensor, k.size());
        }
        geometry::Camera camera;
        camera.width = row.width;
        camera.height = row.height;
        camera.fx = k[0];
        camera.cx = k[2];
        camera.fy = k[4];
        camera.cy = k[5];
        return camera;
    }

    fs::path root_;
    Tables tables_;
};

/// Scene names of the selection's split; no value: all of them.
std::optional<std::set<std::string>> split_scenes(const Selection& selection) {
    if (selection.split == "all") {
        return std::nullopt;
    }
    const auto splits = base::Yaml::load(base::configs_folder() / "splits/nuscenes.yaml");
    const auto scenes = splits.find(selection.split);
    if (!scenes) {
        fail_split(selection, splits.keys());
    }
    const auto names = scenes->as<std::vector<std::string>>();
    return std::set<std::string>(names.begin(), names.end());
}

std::set<std::string> selected_scenes(const Selection& selection, const Tables& tables) {
    std::set<std::string> names;
    for (const auto& [token, name] : tables.scene_names) {
        names.insert(name);
    }
    const auto picked = pick(std::vector<std::string>(names.begin(), names.end()),
                             selection.sequences, "scene", selection.path);
    names = {picked.begin(), picked.end()};
    if (const auto split = split_scenes(selection)) {
        std::erase_if(names, [&](const std::string& name) { return !split->contains(name); });
        if (names.empty()) {
            base::fail_in(selection.path, "none of the scenes {} is in the split '{}'",
                          listed(picked), selection.split);
        }
    }
    return names;
}

std::vector<Entry> key_frames(const Selection& selection, const Tables& tables,
                              const fs::path& root) {
    const auto scenes = selected_scenes(selection, tables);
    std::vector<Entry> entries;
    for (std::size_t number = 0; number < tables.samples.size(); ++number) {
        const auto& sample = tables.samples[number];
        const auto scene = tables.scene_names.find(sample.scene);
        const auto* lidar = row_of(tables, sample.token, lidar_channel);
        if (lidar == nullptr || scene == tables.scene_names.end() ||
            !scenes.contains(scene->second)) {
            continue;
        }
        Entry entry{sample.token, file_of(root, lidar->file), {}, 0, number};
        const auto labels = tables.lidarseg.find(lidar->token);
        if (labels != tables.lidarseg.end()) {
            const fs::path file = file_of(root, labels->second);
            if (fs::is_regular_file(file)) {
                entry.labels = file;
            }
        }
        entries.push_back(std::move(entry));
    }
    return entries;
}

std::vector<std::string> cameras_in(const Tables& tables, const std::vector<Entry>& entries) {
    std::vector<std::string> available;
    for (const auto& channel : camera_channels) {
        const bool seen = std::any_of(entries.begin(), entries.end(), [&](const Entry& entry) {
            return row_of(tables, entry.id, channel) != nullptr;
        });
        if (seen) {
            available.push_back(channel);
        }
    }
    return available;
}

bool is_nuscenes(const fs::path& path) {
    return !tables_folders(path).empty();
}

DatasetPointer open_nuscenes(const Selection& selection) {
    const fs::path folder = only_tables_folder(selection.path);
    const fs::path root = folder.parent_path();
    require_sensor(selection, {"hdl32e"});
    auto tables = formats::read_nuscenes_tables(folder);
    auto entries = key_frames(selection, tables, root);
    if (entries.empty()) {
        base::fail_in(folder, "no sample of the selection has a key frame of {}", lidar_channel);
    }
    pick(cameras_in(tables, entries), selection.cameras, "camera", folder);
    return std::make_unique<NuScenes>(selection, std::move(entries), root, std::move(tables));
}

}  // namespace

DatasetFormat nuscenes_format() {
    return {"nuscenes", "CC BY-NC-SA 4.0", "nuscenes-ns16", is_nuscenes, open_nuscenes};
}

}  // namespace distillar::datasets
