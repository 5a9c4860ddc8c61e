/// Files of bare records: KITTI's .bin and .label, nuScenes' .pcd.bin and lidarseg.
#include "formats/kitti.hpp"
#include "formats/nuscenes_files.hpp"
#include "fuzz/clouds.hpp"
#include "fuzz/files.hpp"

using namespace distillar;

FUZZ_TARGET(records) {
    static fuzz::MemoryFile file;
    const auto& path = file.lay(bytes);
    fuzz::survive([&] {
        const auto cloud = formats::read_kitti_bin(path);
        fuzz::check(cloud);
        fuzz::require(16 * cloud.size() == bytes.size(), "points were lost");
    });
    fuzz::survive([&] { fuzz::check(formats::read_nuscenes_bin(path)); });
    fuzz::survive([&] {
        const auto labels = formats::read_kitti_labels(path);
        fuzz::require(labels.label.size() == labels.instance.size(), "an instance is missing");
    });
    fuzz::survive([&] { formats::read_kitti_labels(path, 7); });
    fuzz::survive([&] {
        fuzz::require(formats::read_lidarseg(path).size() == bytes.size(), "labels were lost");
    });
    fuzz::survive([&] { formats::read_lidarseg(path, 7); });
}
