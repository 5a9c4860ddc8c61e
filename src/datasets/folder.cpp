/// A bare folder of scans, or a single scan: nothing is known but what the clouds say. Labels are
/// those that the clouds carry; there are no cameras. A nuScenes .pcd.bin is turned from its
/// published axes (x right, y forward); any other file is taken as x forward, y left, z up.
#include "base/error.hpp"
#include "datasets/layout.hpp"
#include "datasets/listed_dataset.hpp"
#include "datasets/open.hpp"
#include "datasets/scan_probe.hpp"

namespace distillar::datasets {

namespace fs = std::filesystem;

namespace {

std::vector<fs::path> scans_in(const fs::path& path) {
    if (fs::is_regular_file(path)) {
        return formats::is_cloud_name(path) ? std::vector<fs::path>{path} : std::vector<fs::path>{};
    }
    std::vector<fs::path> scans;
    for (const auto& name : files_in(path, "")) {
        if (formats::is_cloud_name(name)) {
            scans.push_back(path / name);
        }
    }
    return scans;
}

class Folder final : public ListedDataset {
public:
    Folder(const Selection& selection, std::vector<Entry> entries,
           const std::vector<fs::path>& scans)
        : ListedDataset("folder", selection, std::move(entries)), probe_(scans, std::nullopt) {}

    Frame read(std::size_t index) const override {
        Frame frame = outline(index);
        frame.intensity_scale = probe_.intensity_scale();
        const auto cloud = formats::read_cloud(frame.source);
        const bool turn =
            frame.source.string().ends_with(".pcd.bin") && !selection().published_frame;
        fill_points(frame, cloud, selection().labels ? cloud.label : std::vector<std::uint32_t>{},
                    turn ? canonical_from_y_forward() : geometry::Pose::Identity());
        return frame;
    }

    bool labelled(std::size_t) const override { return selection().labels && probe_.has_labels(); }

private:
    ScanProbe probe_;
};

bool is_folder(const fs::path& path) {
    return !scans_in(path).empty();
}

DatasetPointer open_folder(const Selection& selection) {
    const auto scans = scans_in(selection.path);
    if (scans.empty()) {
        base::fail_in(selection.path, "{} (.pcd, .ply, .bin, .pcd.bin)",
                      fs::is_directory(selection.path) ? "there is no scan in this folder"
                                                       : "is not a scan by its name");
    }
    require_no_sequences(selection);
    require_no_split(selection);
    require_sensor(selection, {});
    pick({}, selection.cameras, "camera", selection.path);
    std::vector<Entry> entries;
    for (const auto& scan : scans) {
        entries.push_back({scan_stem(scan), scan, {}, 0, 0});
    }
    return std::make_unique<Folder>(selection, std::move(entries), scans);
}

}  // namespace

DatasetFormat folder_format() {
    return {"folder", "", "", is_folder, open_folder};
}

}  // namespace distillar::datasets
