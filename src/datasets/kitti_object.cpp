/// KITTI object detection (Geiger et al., CVPR 2012): (training|testing)/{velodyne, image_2,
/// calib}. It has no point labels.
#include "base/error.hpp"
#include "datasets/kitti_calibration.hpp"
#include "datasets/layout.hpp"
#include "datasets/listed_dataset.hpp"
#include "datasets/open.hpp"
#include "formats/kitti.hpp"

namespace distillar::datasets {

namespace fs = std::filesystem;

namespace {

constexpr const char* camera_name = "image_2";
const std::vector<std::string> parts{"testing", "training"};

bool is_part(const fs::path& folder) {
    return fs::is_directory(folder / "velodyne") && fs::is_directory(folder / "calib");
}

/// `path` may be the root, or one of its two parts. Empty if it is neither.
fs::path root_of(const fs::path& path) {
    for (const auto& part : parts) {
        if (is_part(path / part)) {
            return path;
        }
        if (path.filename() == part && is_part(path)) {
            return path.parent_path();
        }
    }
    return {};
}

class KittiObject final : public ListedDataset {
public:
    KittiObject(const Selection& selection, std::vector<Entry> entries)
        : ListedDataset("kitti", selection, std::move(entries)) {}

    Frame read(std::size_t index) const override {
        Frame frame = outline(index);
        frame.sensor = "hdl64e";
        frame.intensity_scale = kitti_intensity();
        frame.sensor_height = kitti_height;
        fill_points(frame, formats::read_kitti_bin(frame.source), {}, geometry::Pose::Identity());
        if (wants_camera(selection(), camera_name)) {
            add_view(frame);
        }
        return frame;
    }

private:
    void add_view(Frame& frame) const {
        const fs::path part = frame.source.parent_path().parent_path();
        const std::string stem = frame.source.stem().string();
        const fs::path image = part / camera_name / (stem + ".png");
        const fs::path calibration = part / "calib" / (stem + ".txt");
        for (const auto& file : {image, calibration}) {
            if (!fs::is_regular_file(file)) {
                if (names_camera(selection(), camera_name)) {
                    base::fail_in(file,
                                  "is not there, but the camera {} is asked for; leave "
                                  "`cameras` out",
                                  camera_name);
                }
                return;
            }
        }
        const auto camera = kitti_camera_2(calibration, "Tr_velo_to_cam");
        CameraView view{camera_name, image, camera.camera, camera.T_camera_lidar, kitti_border()};
        take_image_size(view);
        frame.views.push_back(std::move(view));
    }
};

/// The split is the part of the tree: train and test.
std::vector<std::string> selected_parts(const Selection& selection, const fs::path& root) {
    std::vector<std::string> available;
    for (const auto& part : parts) {
        const bool the_one_named = selection.path == root || selection.path.filename() == part;
        if (is_part(root / part) && the_one_named) {
            available.push_back(part);
        }
    }
    auto picked = pick(available, selection.sequences, "sequence", selection.path);
    if (selection.split != "all") {
        if (selection.split != "train" && selection.split != "test") {
            fail_split(selection, {"train", "test"});
        }
        const std::string wanted = selection.split + "ing";
        std::erase_if(picked, [&](const std::string& part) { return part != wanted; });
    }
    return picked;
}

bool is_kitti_object(const fs::path& path) {
    return !root_of(path).empty();
}

DatasetPointer open_kitti_object(const Selection& selection) {
    const fs::path root = root_of(selection.path);
    if (root.empty()) {
        base::fail_in(selection.path,
                      "there is no training/ or testing/ with velodyne and calib in it; give the "
                      "folder above `training`");
    }
    require_sensor(selection, {"hdl64e"});
    std::vector<Entry> entries;
    bool has_images = false;
    for (const auto& part : selected_parts(selection, root)) {
        const fs::path folder = root / part / "velodyne";
        for (const auto& name : files_in(folder, ".bin")) {
            entries.push_back(
                {part + "/" + fs::path(name).stem().string(), folder / name, {}, 0, 0});
        }
        has_images = has_images || fs::is_directory(root / part / camera_name);
    }
    pick(has_images ? std::vector<std::string>{camera_name} : std::vector<std::string>{},
         selection.cameras, "camera", selection.path);
    return std::make_unique<KittiObject>(selection, std::move(entries));
}

}  // namespace

DatasetFormat kitti_object_format() {
    return {"kitti", "CC BY-NC-SA 3.0", "", is_kitti_object, open_kitti_object};
}

}  // namespace distillar::datasets
