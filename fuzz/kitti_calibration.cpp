#include "datasets/kitti_calibration.hpp"

#include <cmath>

#include "fuzz/files.hpp"

using namespace distillar;

FUZZ_TARGET(kitti_calibration) {
    static fuzz::MemoryFile file;
    const auto& path = file.lay(bytes);
    fuzz::survive([&] { datasets::read_kitti_calibration(path); });
    fuzz::survive([&] { datasets::kitti_transform(path, "Tr"); });
    for (const char* key : {"Tr", "Tr_velo_to_cam"}) {
        fuzz::survive([&] {
            const auto read = datasets::kitti_camera_2(path, key);
            fuzz::require(std::isfinite(read.camera.fx + read.camera.fy) &&
                              std::isfinite(read.camera.cx + read.camera.cy) &&
                              read.T_camera_lidar.matrix().allFinite(),
                          "a camera that is not finite");
        });
    }
}
