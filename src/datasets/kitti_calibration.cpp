#include "datasets/kitti_calibration.hpp"

#include <cmath>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "datasets/text_numbers.hpp"

namespace distillar::datasets {

namespace fs = std::filesystem;

namespace {

using Calibration = std::map<std::string, std::vector<double>>;

constexpr std::uint64_t max_calibration_size = 1 << 20;

const std::vector<double>& entry(const Calibration& calibration, const fs::path& file,
                                 const std::string& key, std::size_t count) {
    const auto found = calibration.find(key);
    if (found == calibration.end()) {
        base::fail_in(file, "the line '{}:' is missing; projection needs it", key);
    }
    if (found->second.size() != count) {
        base::fail_in(file, "'{}:' has {} numbers, and must have {}", key, found->second.size(),
                      count);
    }
    return found->second;
}

geometry::Pose pose_at(const Calibration& calibration, const fs::path& file,
                       const std::string& key) {
    return geometry::pose_from_rows(entry(calibration, file, key, 12),
                                    (file.string() + ": " + key).c_str());
}

geometry::Pose rectification(const Calibration& calibration, const fs::path& file) {
    if (!calibration.contains("R0_rect")) {
        return geometry::Pose::Identity();
    }
    const auto& r = entry(calibration, file, "R0_rect", 9);
    return geometry::pose_from_rows({r[0], r[1], r[2], 0, r[3], r[4], r[5], 0, r[6], r[7], r[8], 0},
                                    (file.string() + ": R0_rect").c_str());
}

}  // namespace

Calibration read_kitti_calibration(const fs::path& file) {
    constexpr std::size_t longest_shown = 40;
    Calibration calibration;
    const std::string text = base::read_text(file, max_calibration_size);
    for_filled_lines(text, [&](std::size_t number, std::string_view line) {
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) {
            return;
        }
        const std::string key = base::trim(line.substr(0, colon));
        const auto where =
            fmt::format("{}: line {}: {}", file.string(), number, key.substr(0, longest_shown));
        const auto numbers = finite_numbers(line.substr(colon + 1), where);
        auto& values = calibration[key];
        values.insert(values.end(), numbers.begin(), numbers.end());
    });
    return calibration;
}

geometry::Pose kitti_transform(const fs::path& file, const std::string& key) {
    return pose_at(read_kitti_calibration(file), file, key);
}

KittiCamera kitti_camera_2(const fs::path& file, const char* lidar_key) {
    const auto calibration = read_kitti_calibration(file);
    const auto& p = entry(calibration, file, "P2", 12);
    KittiCamera result;
    geometry::Camera& camera = result.camera;
    camera.fx = p[0];
    camera.cx = p[2];
    camera.fy = p[5];
    camera.cy = p[6];
    const bool last_row = p[8] == 0 && p[9] == 0 && p[10] == 1;
    if (!(camera.fx > 0) || !(camera.fy > 0) || p[1] != 0 || p[4] != 0 || !last_row) {
        base::fail_in(file, "P2 is not of the form fx 0 cx . 0 fy cy . 0 0 1 .; is this KITTI's?");
    }
    geometry::Pose offset = geometry::Pose::Identity();
    offset.translation() << (p[3] - camera.cx * p[11]) / camera.fx,
        (p[7] - camera.cy * p[11]) / camera.fy, p[11];
    result.T_camera_lidar =
        offset * rectification(calibration, file) * pose_at(calibration, file, lidar_key);
    if (!result.T_camera_lidar.matrix().allFinite()) {
        base::fail_in(file, "P2 moves the camera to a place that is not finite; is this KITTI's?");
    }
    return result;
}

geometry::BorderRule kitti_border() {
    return {geometry::BorderRule::Depth::lidar_x, 1.0, false};
}

geometry::IntensityScale kitti_intensity() {
    return {0.28613698F, 0.14090556F};
}

}  // namespace distillar::datasets
