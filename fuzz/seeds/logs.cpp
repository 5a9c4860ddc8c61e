/// A user's own log, and KITTI's calibration.
#include "fuzz/seeds/seeds.hpp"

namespace distillar::fuzz {

void add_logs(const Seeds& seeds) {
    const std::string camera =
        "images: i/*.png, intrinsics: [320, 320, 320, 240], size: [640, 480],\n"
        "    T_camera_lidar: [[0, -1, 0, 0], [0, 0, -1, 0], [1, 0, 0, 0], [0, 0, 0, 1]]";
    seeds.add(
        "log_yaml", "whole",
        "distillar-log: 1\npair_limit_ms: 50\nlidar: {scans: s/*.pcd, sensor: a, height: 1.9, "
        "intensity: [0, 255], frame: y-forward, times: t, poses: p}\nlabels: {files: "
        "l/*.label, names: n}\ncameras:\n  front: {" +
            camera +
            ", times: t, model: opencv,\n    distortion: [0.1, 0, 0, 0, 0.2], "
            "border: {min_depth: 2, inclusive: yes}}\n");
    seeds.add(
        "log_yaml", "matrix",
        "distillar-log: 1\nlidar: {scans: \"s/?.pcd\", intensity: {mean: 1, deviation: 2}, frame: "
        "[[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]}\ncameras:\n  b: {" +
            camera + ", model: fisheye, distortion: [0.1, 0, 0, 0]}\n");
    seeds.add("kitti_calibration", "odometry",
              "P2: 7.1e+02 0 6.0e+02 4.5e+01 0 7.1e+02 1.7e+02 -1.1e-01 0 0 1 4.9e-03\n"
              "Tr: 0 -1 0 0.1 0 0 -1 -0.2 1 0 0 -0.3\n");
    seeds.add("kitti_calibration", "object",
              "P2: 700 0 600 45 0 700 170 0 0 0 1 0\nR0_rect: 1 0 0 0 1 0 0 0 1\n"
              "Tr_velo_to_cam: 0 -1 0 0 0 0 -1 0 1 0 0 0\n\n");
    seeds.add("trajectory", "times", "# seconds\n10.0\n10.1\n\n10.25\r\n");
    seeds.add("trajectory", "kitti", "1 0 0 5 0 1 0 0 0 0 1 0\n0 -1 0 6 1 0 0 0 0 0 1 0\n");
    seeds.add("trajectory", "tum", "9.9 4 0 0 0 0 0 1\n10.3 8 0 0 0 0 0.7 0.7\n");
}

}  // namespace distillar::fuzz
