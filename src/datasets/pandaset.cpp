/// PandaSet (Xiao et al., ITSC 2021): SEQUENCE/{lidar, camera, annotations/semseg, meta}.
#include "formats/pandaset.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "datasets/layout.hpp"
#include "datasets/listed_dataset.hpp"
#include "datasets/open.hpp"
#include "datasets/pandaset_sequence.hpp"
#include "formats/json.hpp"

namespace distillar::datasets {

namespace fs = std::filesystem;

namespace {

const std::vector<std::string> sensors{"pandar64", "pandargt"};  // Cloud::sensor 0 and 1
constexpr std::size_t ending_length = 7;                         // .pkl.gz

/// The lidar's origin above the ego frame's, metres, as ScaLR's loader takes it. The road is at ego
/// z = -0.17 .. -0.35 in the excerpts (datasets.md), so about 1.85 below this origin.
constexpr double lidar_above_ego = 1.6;
constexpr float sensor_height = 1.85F;

/// (x, y, z) -> (x, y, z - 1.6): ScaLR's published frame, x right, y forward.
geometry::Pose published_from_ego() {
    geometry::Pose pose = geometry::Pose::Identity();
    pose.translation().z() = -lidar_above_ego;
    return pose;
}

/// The devkit's border: depth > 0, 0 <= u < W, 0 <= v < H.
geometry::BorderRule devkit_border() {
    return {geometry::BorderRule::Depth::camera_z, 0.0, true};
}

class Pandaset final : public ListedDataset {
public:
    Pandaset(const Selection& selection, std::vector<Entry> entries,
             std::vector<PandasetSequence> sequences)
        : ListedDataset("pandaset", selection, std::move(entries)),
          sequences_(std::move(sequences)) {}

    Frame outline(std::size_t index) const override {
        const auto& sequence = sequences_[entry(index).group];
        Frame frame = ListedDataset::outline(index);
        frame.sequence = sequence.folder.filename().string();
        frame.T_world_frame = T_frame_world(index).inverse();
        frame.time = sequence.time_of(entry(index).number);
        return frame;
    }

    Frame read(std::size_t index) const override {
        Frame frame = outline(index);
        describe_sensor(frame);
        const auto cloud = formats::read_pandaset_lidar(frame.source);
        std::vector<std::uint32_t> labels;
        if (labelled(index)) {
            labels = formats::read_pandaset_labels(entry(index).labels, cloud.size());
        }
        fill_points(frame, cloud, labels, T_frame_world(index), sensor_number());
        add_views(frame, sequences_[entry(index).group], entry(index).number);
        return frame;
    }

    std::map<std::uint32_t, std::string> label_names() const override {
        std::map<std::uint32_t, std::string> names;
        for (const auto& sequence : sequences_) {
            const fs::path file = sequence.folder / "annotations/semseg/classes.json";
            if (!fs::is_regular_file(file)) {
                continue;
            }
            const auto json = formats::read_json(file);
            for (const auto& [id, name] : json.items()) {
                if (!json.is_object() || !name.is_string()) {
                    base::fail_in(file, "must map ids to names");
                }
                const auto number = base::parse_integer(id, file.string());
                if (number < 0 || number > UINT32_MAX) {
                    base::fail_in(file, "{} is no raw id", number);
                }
                names.emplace(static_cast<std::uint32_t>(number), name.get<std::string>());
            }
        }
        return names.empty() ? raw_names_of("pandaset") : names;
    }
    std::string label_layout() const override { return "label"; }

private:
    /// The scans' files are in the world already.
    geometry::Pose T_frame_world(std::size_t index) const {
        const auto& sequence = sequences_[entry(index).group];
        const geometry::Pose& T_world_ego =
            pandaset_pose(sequence.T_world_ego, entry(index).number, sequence.folder / "lidar");
        return (selection().published_frame ? geometry::Pose::Identity()
                                            : canonical_from_y_forward()) *
               published_from_ego() * T_world_ego.inverse();
    }

    std::optional<std::uint8_t> sensor_number() const {
        if (selection().sensor.empty()) {
            return std::nullopt;
        }
        return selection().sensor == sensors[0] ? std::uint8_t{0} : std::uint8_t{1};
    }

    /// Scales of ScaLR; both sensors in one cloud take Pandar64's.
    void describe_sensor(Frame& frame) const {
        frame.sensor = selection().sensor;
        frame.sensor_height = sensor_height;
        if (frame.sensor == sensors[1]) {
            frame.intensity_scale = {23.06113565F, 16.76273235F};
        } else {
            frame.intensity_scale = {18.23640649F, 25.86983417F};
        }
    }

    void add_views(Frame& frame, const PandasetSequence& sequence, std::size_t number) const {
        const std::string image_name = scan_name(frame.source) + ".jpg";
        for (const auto& camera : sequence.cameras) {
            const fs::path image = camera.folder / image_name;
            if (!fs::is_regular_file(image)) {
                continue;
            }
            const auto& T_world_camera =
                pandaset_pose(camera.T_world_camera, number, camera.folder);
            CameraView view{camera.name, image, camera.camera,
                            T_world_camera.inverse() * *frame.T_world_frame, devkit_border()};
            take_image_size(view);
            frame.views.push_back(std::move(view));
        }
        for (const auto& name : selection().cameras) {
            const bool there = std::any_of(frame.views.begin(), frame.views.end(),
                                           [&](const auto& view) { return view.name == name; });
            if (selection().with_cameras && !there) {
                base::fail_in(sequence.folder / "camera" / name / image_name,
                              "is not there, but this camera is asked for; leave `cameras` out");
            }
        }
    }

    static std::string scan_name(const fs::path& scan) {
        const std::string name = scan.filename().string();
        return name.substr(0, name.size() - ending_length);
    }

    std::vector<PandasetSequence> sequences_;
};

std::vector<std::string> sequences_in(const fs::path& root) {
    auto names = folders_in(root);
    std::erase_if(names, [&](const auto& name) { return !is_pandaset_sequence(root / name); });
    return names;
}

std::vector<Entry> scans_of(const fs::path& folder, const std::string& split, std::size_t group) {
    std::vector<Entry> entries;
    for (const auto& file : files_in(folder / "lidar", ".pkl.gz")) {
        const std::string name = file.substr(0, file.size() - ending_length);
        const auto number = base::parse_integer(name, (folder / "lidar" / file).string());
        if (number < 0) {
            base::fail_in(folder / "lidar" / file, "a frame's name must be its number");
        }
        Entry entry{folder.filename().string() + "/" + name,
                    folder / "lidar" / file,
                    {},
                    group,
                    static_cast<std::size_t>(number)};
        if (!in_pandaset_split(folder, split, entry.number)) {
            continue;
        }
        const fs::path labels = folder / "annotations/semseg" / file;
        if (fs::is_regular_file(labels)) {
            entry.labels = labels;
        }
        entries.push_back(std::move(entry));
    }
    return entries;
}

std::vector<std::string> cameras_of(const fs::path& root,
                                    const std::vector<std::string>& sequences) {
    std::vector<std::string> names;
    for (const auto& sequence : sequences) {
        for (auto& name : folders_in(root / sequence / "camera")) {
            if (std::find(names.begin(), names.end(), name) == names.end()) {
                names.push_back(std::move(name));
            }
        }
    }
    return names;
}

bool is_pandaset(const fs::path& path) {
    return is_pandaset_sequence(path) || !sequences_in(path).empty();
}

DatasetPointer open_pandaset(const Selection& selection) {
    // The path may be one sequence.
    const bool single = is_pandaset_sequence(selection.path);
    const fs::path root = single ? selection.path.parent_path() : selection.path;
    const auto available =
        single ? std::vector<std::string>{selection.path.filename().string()} : sequences_in(root);
    if (available.empty()) {
        base::fail_in(selection.path,
                      "there is no SEQUENCE/lidar/*.pkl.gz in it; give the folder of sequences");
    }
    const auto& splits = pandaset_splits();
    if (selection.split != "all" &&
        std::find(splits.begin(), splits.end(), selection.split) == splits.end()) {
        fail_split(selection, splits);
    }
    require_sensor(selection, sensors);
    const auto names = pick(available, selection.sequences, "sequence", selection.path);
    pick(cameras_of(root, names), selection.cameras, "camera", selection.path);
    std::vector<Entry> entries;
    std::vector<PandasetSequence> sequences;
    for (const auto& name : names) {
        auto scans = scans_of(root / name, selection.split, sequences.size());
        if (!scans.empty()) {
            std::move(scans.begin(), scans.end(), std::back_inserter(entries));
            sequences.push_back(read_pandaset_sequence(root / name, selection));
        }
    }
    if (entries.empty()) {
        base::fail_in(selection.path, "none of the sequences {} is in the split '{}'",
                      listed(names), selection.split);
    }
    return std::make_unique<Pandaset>(selection, std::move(entries), std::move(sequences));
}

}  // namespace

DatasetFormat pandaset_format() {
    return {"pandaset", "CC BY 4.0", "pandaset-pd17", is_pandaset, open_pandaset};
}

}  // namespace distillar::datasets
