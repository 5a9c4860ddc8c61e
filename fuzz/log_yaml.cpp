/// A user's log.yaml, in a folder that has scans, an image, times and poses.
#include "datasets/log_file.hpp"
#include "fuzz/files.hpp"

using namespace distillar;

namespace {

void lay_log(const fuzz::MemoryFolder& folder) {
    for (const char* name :
         {"s/0.pcd", "s/1.pcd", "l/0.label", "l/1.label", "i/0.png", "i/1.png"}) {
        fuzz::lay(folder, name, "");
    }
    fuzz::lay(folder, "t", "1\n2\n");
    fuzz::lay(folder, "p", "1 0 0 0 0 0 0 1\n2 1 0 0 0 0 0 1\n");
    fuzz::lay(folder, "n", "classes: [{name: road, raw: [1]}]\n");
}

void use(const datasets::LogFile& log) {
    for (std::size_t scan = 0; scan < log.scans.size(); ++scan) {
        log.scan_pose(scan);
        for (const auto& camera : log.cameras) {
            if (const auto image = log.image_of(camera, scan)) {
                fuzz::require(*image < camera.images.size(), "an image that is not there");
                log.camera_pose(camera, scan, *image);
            }
        }
    }
}

}  // namespace

FUZZ_TARGET(log_yaml) {
    static const fuzz::MemoryFolder folder;
    static const bool laid = (lay_log(folder), true);
    const auto file = fuzz::lay(folder, "log.yaml", fuzz::text_of(bytes));
    fuzz::survive([&] { use(datasets::read_log_file(file)); });
    static_cast<void>(laid);
}
