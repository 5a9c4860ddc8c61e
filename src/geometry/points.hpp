#pragma once
/// geometry: poses, cameras, projection, voxel grids, neighbours, plane cells, and the
/// preprocessing of a scan into a ragged Batch.
#include <Eigen/Core>
#include <Eigen/Geometry>
#include <cmath>
#include <cstdint>
#include <vector>

namespace distillar::geometry {

/// N x 3, metres, row-major, float64: PandaSet's world coordinates need it, and so does projection.
using Points = Eigen::Matrix<double, Eigen::Dynamic, 3, Eigen::RowMajor>;

/// N x 3, metres, row-major, float32: what preprocessing and networks see.
using Points32 = Eigen::Matrix<float, Eigen::Dynamic, 3, Eigen::RowMajor>;

/// Points32 to read, or the same in plain memory, without copying: Eigen::Map<const Points32>.
using PointsView = Eigen::Ref<const Points32, 0, Eigen::OuterStride<3>>;

/// N x 3 numbers as points.
inline Eigen::Map<const Points32> points_of(const std::vector<float>& numbers) {
    return {numbers.data(), static_cast<Eigen::Index>(numbers.size() / 3), 3};
}

/// Whether a coordinate is a place. Beyond the bound it is as good as infinite: its square must fit
/// float32, and its voxel 64 bits. A point with one that is not is treated as not finite
/// everywhere.
inline bool is_usable_coordinate(double metres) {
    return std::abs(metres) < 1e8;  // false for NaN
}

/// Whether a raw intensity says anything: no sensor counts so far as the bound. One that is not
/// usable is fed to networks as the mean and is part of no statistic; its point stays.
inline bool is_usable_intensity(float raw) {
    return std::abs(raw) < 1e10F;  // false for NaN
}

/// Rigid transform; `T_b_a` maps coordinates in a to coordinates in b.
using Pose = Eigen::Isometry3d;

/// Rotation by the quaternion (w, x, y, z), normalised, then translation.
/// @throws base::Error if the quaternion is not finite or zero.
Pose pose_from(double w, double x, double y, double z, const Eigen::Vector3d& translation);

/// From a 4x4 or 3x4 row-major matrix (16 or 12 numbers). The rotation part is kept as given, so
/// published projections come out to the bit; it must be a rotation within 1e-3.
/// @throws base::Error naming `what` if the numbers are not that.
Pose pose_from_rows(const std::vector<double>& numbers, const char* what);

/// N x 3 points in a -> the same points in b, by T_b_a.
Points transform(const Pose& pose, const Points& points);

}  // namespace distillar::geometry
