/// SemanticKITTI (Behley et al., ICCV 2019): sequences/XX/{velodyne, labels, image_2, calib.txt,
/// poses.txt, times.txt}.
#include <algorithm>
#include <array>
#include <optional>

#include "base/error.hpp"
#include "datasets/kitti_calibration.hpp"
#include "datasets/kitti_drive.hpp"
#include "datasets/layout.hpp"
#include "datasets/listed_dataset.hpp"
#include "datasets/open.hpp"
#include "formats/kitti.hpp"

namespace distillar::datasets {

namespace fs = std::filesystem;

namespace {

constexpr const char* camera_name = "image_2";
const std::vector<std::string> split_names{"train", "val", "test"};

/// The folder that holds the sequences: `path` may be that folder, one above it, or two (the
/// official archive unpacks to dataset/sequences). Empty if there is none.
fs::path sequences_folder(const fs::path& path) {
    for (const fs::path& folder : {path / "sequences", path / "dataset/sequences", path}) {
        if (folder.filename() != "sequences") {
            continue;
        }
        for (const auto& name : folders_in(folder)) {
            if (fs::is_directory(folder / name / "velodyne")) {
                return folder;
            }
        }
    }
    return {};
}

std::vector<std::string> sequences_in(const fs::path& folder) {
    auto names = folders_in(folder);
    std::erase_if(names, [&](const std::string& name) {
        return !fs::is_directory(folder / name / "velodyne");
    });
    return names;
}

/// In the sequence's folder, or in the tree of the separate calibration archive.
std::optional<fs::path> calibration_file(const fs::path& sequences, const std::string& name) {
    const fs::path root = sequences.parent_path();
    const fs::path separate = fs::path("calib/dataset/sequences") / name / "calib.txt";
    for (const fs::path& file :
         {sequences / name / "calib.txt", root / separate, root.parent_path() / separate}) {
        if (fs::is_regular_file(file)) {
            return file;
        }
    }
    return std::nullopt;
}

bool in_split(const std::string& sequence, const std::string& split) {
    static const std::array<const char*, 10> train{"00", "01", "02", "03", "04",
                                                   "05", "06", "07", "09", "10"};
    if (split == "train") {
        return std::find(train.begin(), train.end(), sequence) != train.end();
    }
    if (split == "val") {
        return sequence == "08";
    }
    return sequence.size() == 2 && sequence >= "11" && sequence <= "21";
}

/// What the scans of a sequence share.
struct Sequence {
    std::string name;
    KittiDrive drive;
    std::optional<KittiCamera> camera;
};

class SemanticKitti final : public ListedDataset {
public:
    SemanticKitti(const Selection& selection, std::vector<Entry> entries,
                  std::vector<Sequence> sequences)
        : ListedDataset("semantickitti", selection, std::move(entries)),
          sequences_(std::move(sequences)) {}

    Frame outline(std::size_t index) const override {
        const auto& [name, drive, camera] = sequences_[entry(index).group];
        const std::size_t number = entry(index).number;
        Frame frame = ListedDataset::outline(index);
        frame.sequence = name;
        if (drive.T_world_lidar) {
            frame.T_world_frame = drive.T_world_lidar->at(number);
        }
        if (drive.times) {
            frame.time = drive.times->at(number);
        }
        return frame;
    }

    Frame read(std::size_t index) const override {
        Frame frame = outline(index);
        frame.sensor = "hdl64e";
        frame.intensity_scale = kitti_intensity();
        frame.sensor_height = kitti_height;
        const auto cloud = formats::read_kitti_bin(frame.source);
        std::vector<std::uint32_t> labels;
        if (labelled(index)) {
            labels = formats::read_kitti_labels(entry(index).labels, cloud.size()).label;
        }
        fill_points(frame, cloud, labels, geometry::Pose::Identity());
        add_view(frame, index);
        return frame;
    }

    std::map<std::uint32_t, std::string> label_names() const override {
        return raw_names_of("semantickitti");
    }
    std::string label_layout() const override { return "label"; }

private:
    void add_view(Frame& frame, std::size_t index) const {
        if (!wants_camera(selection(), camera_name)) {
            return;
        }
        const fs::path image = frame.source.parent_path().parent_path() / camera_name /
                               (frame.source.stem().string() + ".png");
        const auto& camera = sequences_[entry(index).group].camera;
        if (!camera || !fs::is_regular_file(image)) {
            if (names_camera(selection(), camera_name)) {
                base::fail_in(image, "{}, but the camera {} is asked for; leave `cameras` out",
                              camera ? "is not there" : "its sequence has no calib.txt",
                              camera_name);
            }
            return;
        }
        CameraView view{camera_name, image, camera->camera, camera->T_camera_lidar, kitti_border()};
        take_image_size(view);
        frame.views.push_back(std::move(view));
    }

    std::vector<Sequence> sequences_;
};

/// @param folder  the sequence's.
std::vector<Entry> scans_of(const fs::path& folder, const KittiDrive& drive, std::size_t group) {
    std::vector<Entry> entries;
    for (const auto& name : files_in(folder / "velodyne", ".bin")) {
        const std::string stem = fs::path(name).stem().string();
        Entry entry{
            folder.filename().string() + "/" + stem, folder / "velodyne" / name, {}, group, 0};
        entry.number = drive.line_of(entry.scan);
        const fs::path labels = folder / "labels" / (stem + ".label");
        if (fs::is_regular_file(labels)) {
            entry.labels = labels;
        }
        entries.push_back(std::move(entry));
    }
    return entries;
}

Sequence read_sequence(const Selection& selection, const fs::path& folder,
                       const std::string& name) {
    const auto calibration = calibration_file(folder, name);
    Sequence sequence{name, read_kitti_drive(folder / name, calibration), std::nullopt};
    if (calibration && fs::is_directory(folder / name / camera_name) &&
        wants_camera(selection, camera_name)) {
        sequence.camera = kitti_camera_2(*calibration, "Tr");
    }
    return sequence;
}

std::vector<std::string> selected_sequences(const Selection& selection, const fs::path& folder) {
    auto names = pick(sequences_in(folder), selection.sequences, "sequence", selection.path);
    if (selection.split == "all") {
        return names;
    }
    if (std::find(split_names.begin(), split_names.end(), selection.split) == split_names.end()) {
        fail_split(selection, split_names);
    }
    const std::string among = listed(names);
    std::erase_if(names, [&](const auto& name) { return !in_split(name, selection.split); });
    if (names.empty()) {
        base::fail_in(selection.path, "none of the sequences {} is in the split '{}'", among,
                      selection.split);
    }
    return names;
}

bool is_semantickitti_tree(const fs::path& path) {
    return !sequences_folder(path).empty();
}

/// What tells SemanticKITTI from SynLiDAR and SemanticPOSS: the KITTI cameras' calib.txt.
bool is_certainly_semantickitti(const fs::path& path) {
    const fs::path folder = sequences_folder(path);
    const auto names = sequences_in(folder);
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        const auto file = calibration_file(folder, name);
        if (!file) {
            return false;
        }
        try {
            const auto calibration = read_kitti_calibration(*file);
            return calibration.contains("P2") && calibration.contains("Tr");
        } catch (const base::Error&) {
            return false;
        }
    });
}

/// SemanticPOSS has a folder `tag` in every sequence.
bool is_certainly_semanticposs(const fs::path& path) {
    const fs::path folder = sequences_folder(path);
    const auto names = sequences_in(folder);
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        return fs::is_directory(folder / name / "tag");
    });
}

std::vector<std::string> candidates_of(const fs::path& path) {
    if (is_certainly_semanticposs(path)) {
        return {"semanticposs"};
    }
    if (is_certainly_semantickitti(path)) {
        return {"semantickitti"};
    }
    return {"semantickitti", "synlidar", "semanticposs"};
}

DatasetPointer open_semantickitti(const Selection& selection) {
    const fs::path folder = sequences_folder(selection.path);
    if (folder.empty()) {
        base::fail_in(selection.path,
                      "there is no sequences/*/velodyne in it; give the folder above `sequences`");
    }
    require_sensor(selection, {"hdl64e"});
    std::vector<Entry> entries;
    std::vector<Sequence> sequences;
    std::vector<std::string> available;
    for (const auto& name : selected_sequences(selection, folder)) {
        sequences.push_back(read_sequence(selection, folder, name));
        auto scans = scans_of(folder / name, sequences.back().drive, sequences.size() - 1);
        std::move(scans.begin(), scans.end(), std::back_inserter(entries));
        if (fs::is_directory(folder / name / camera_name)) {
            available = {camera_name};
        }
    }
    pick(available, selection.cameras, "camera", selection.path);
    return std::make_unique<SemanticKitti>(selection, std::move(entries), std::move(sequences));
}

}  // namespace

DatasetFormat semantickitti_format() {
    return {"semantickitti",       "CC BY-NC-SA 4.0",  "semantickitti-sk19",
            is_semantickitti_tree, open_semantickitti, candidates_of};
}

}  // namespace distillar::datasets
