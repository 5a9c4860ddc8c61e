#include "geometry/camera.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "geometry/distortion.hpp"

namespace distillar::geometry {

namespace {

void check(const Camera& camera, const Pose& T_camera_lidar) {
    if (camera.width <= 0 || camera.height <= 0) {
        base::fail("camera: image size {} x {} is empty; give the size of the calibrated image",
                   camera.width, camera.height);
    }
    if (!std::isfinite(camera.fx) || !std::isfinite(camera.fy) || !std::isfinite(camera.cx) ||
        !std::isfinite(camera.cy) || camera.fx <= 0 || camera.fy <= 0) {
        base::fail("camera: fx {}, fy {}, cx {}, cy {}; give finite pixels, focal lengths positive",
                   camera.fx, camera.fy, camera.cx, camera.cy);
    }
    if (!std::all_of(camera.distortion.begin(), camera.distortion.end(),
                     [](double k) { return std::isfinite(k); })) {
        base::fail("camera: a distortion coefficient is not finite; check the calibration");
    }
    if (!T_camera_lidar.matrix().allFinite()) {
        base::fail("camera: the transform from lidar to camera is not finite; check the poses");
    }
}

bool inside_image(double u, double v, const Camera& camera, const BorderRule& rule) {
    if (rule.inclusive) {
        return u >= 0 && u < camera.width && v >= 0 && v < camera.height;
    }
    return u > 0 && u < camera.width - 1 && v > 0 && v < camera.height - 1;
}

}  // namespace

std::vector<PointPixel> project(const Points& points, const Camera& camera,
                                const Pose& T_camera_lidar, const BorderRule& rule) {
    check(camera, T_camera_lidar);
    const Distortion distortion(camera);
    const Eigen::Matrix3d rotation = T_camera_lidar.linear();
    const Eigen::Vector3d translation = T_camera_lidar.translation();
    std::vector<PointPixel> pairs;
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
        const Eigen::Vector3d lidar = points.row(i).transpose();
        if (!lidar.allFinite()) {
            continue;
        }
        const Eigen::Vector3d p = rotation * lidar + translation;
        const double depth = rule.depth == BorderRule::Depth::lidar_x ? lidar.x() : p.z();
        if (!(depth > rule.min_depth)) {
            continue;
        }
        const auto plane = distortion(p.x(), p.y(), p.z());
        if (!plane) {
            continue;
        }
        const double u = camera.fx * plane->x() + camera.cx;
        const double v = camera.fy * plane->y() + camera.cy;
        if (inside_image(u, v, camera, rule)) {
            pairs.push_back({static_cast<std::uint32_t>(i), static_cast<std::int32_t>(v),
                             static_cast<std::int32_t>(u), static_cast<float>(v),
                             static_cast<float>(u)});
        }
    }
    return pairs;
}

}  // namespace distillar::geometry
