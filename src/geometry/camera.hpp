#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "geometry/points.hpp"

namespace distillar::geometry {

enum class CameraModel { pinhole, opencv, fisheye };

/// Intrinsics in pixels. Camera frame: x right, y down, z forward. Pixel (0, 0) is the centre of
/// the first pixel's area as the data sets' own projection code has it (u = fx x/z + cx).
struct Camera {
    CameraModel model = CameraModel::pinhole;
    int width = 0;
    int height = 0;
    double fx = 0, fy = 0, cx = 0, cy = 0;
    /// opencv: k1, k2, p1, p2, k3. fisheye (OpenCV's equidistant model): k1, k2, k3, k4, unused.
    std::array<double, 5> distortion{};
};

/// Which projected points count as visible.
struct BorderRule {
    enum class Depth { camera_z, lidar_x };  ///< SemanticKITTI's loader asks for lidar x > 1 m.
    Depth depth = Depth::camera_z;
    double min_depth = 1.0;  ///< metres, exclusive (a fisheye over 180 degrees: negative)
    bool inclusive = false;  ///< false: 0 < u < W-1, 0 < v < H-1. true: 0 <= u < W, 0 <= v < H.
};

/// One point seen in one image.
struct PointPixel {
    std::uint32_t point;  ///< row in the cloud
    std::int32_t row;     ///< floor(v)
    std::int32_t column;  ///< floor(u)
    float v;              ///< exact image position, pixels
    float u;
};

/// Projects lidar points into one camera, in float64; results are in ascending order of point.
/// @param points  N x 3, metres, lidar frame. Non-finite points are never visible.
/// @throws base::Error if the intrinsics are not finite, the focal length not positive or the image
///         empty.
/// Points outside the valid field of a distortion model (where its polynomial folds back) are
/// not visible.
std::vector<PointPixel> project(const Points& points, const Camera& camera,
                                const Pose& T_camera_lidar, const BorderRule& rule = {});

}  // namespace distillar::geometry
