#include "geometry/points.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace distillar::geometry {

namespace {

constexpr double rotation_tolerance = 1e-3;

void check_rotation(const Eigen::Matrix3d& rotation, const char* what) {
    const double error =
        (rotation * rotation.transpose() - Eigen::Matrix3d::Identity()).cwiseAbs().maxCoeff();
    if (!(error <= rotation_tolerance)) {
        base::fail(
            "{}: the left 3x3 part is not a rotation (R R^T differs from 1 by {:.3g}); give a "
            "rigid "
            "transform, row by row",
            what, error);
    }
    if (rotation.determinant() < 0) {
        base::fail("{}: the left 3x3 part mirrors (determinant -1); check the signs of the axes",
                   what);
    }
}

}  // namespace

Pose pose_from(double w, double x, double y, double z, const Eigen::Vector3d& translation) {
    const Eigen::Quaterniond quaternion(w, x, y, z);
    const double norm = quaternion.norm();
    if (!std::isfinite(norm) || norm < 1e-12 || !translation.allFinite()) {
        base::fail(
            "pose: quaternion ({}, {}, {}, {}) with translation ({}, {}, {}) is not finite or has "
            "no direction; give (w, x, y, z) and metres",
            w, x, y, z, translation.x(), translation.y(), translation.z());
    }
    Pose pose = Pose::Identity();
    pose.linear() = quaternion.normalized().toRotationMatrix();
    pose.translation() = translation;
    return pose;
}

Pose pose_from_rows(const std::vector<double>& numbers, const char* what) {
    if (numbers.size() != 12 && numbers.size() != 16) {
        base::fail("{}: {} numbers; a transform has 12 (3x4) or 16 (4x4), row by row", what,
                   numbers.size());
    }
    if (!std::all_of(numbers.begin(), numbers.end(), [](double n) { return std::isfinite(n); })) {
        base::fail("{}: a number is not finite; give a rigid transform, row by row", what);
    }
    Pose pose = Pose::Identity();
    for (int row = 0; row < 3; ++row) {
        for (int column = 0; column < 4; ++column) {
            pose.matrix()(row, column) = numbers[static_cast<std::size_t>(4 * row + column)];
        }
    }
    if (numbers.size() == 16) {
        const Eigen::Vector4d last(numbers[12], numbers[13], numbers[14], numbers[15]);
        if ((last - Eigen::Vector4d(0, 0, 0, 1)).cwiseAbs().maxCoeff() > 1e-6) {
            base::fail("{}: the last row is ({}, {}, {}, {}) and must be (0, 0, 0, 1)", what,
                       last[0], last[1], last[2], last[3]);
        }
    }
    check_rotation(pose.linear(), what);
    return pose;
}

Points transform(const Pose& pose, const Points& points) {
    const Eigen::RowVector3d translation = pose.translation().transpose();
    Points result(points.rows(), 3);
    result.noalias() = points * pose.linear().transpose();
    result.rowwise() += translation;
    return result;
}

}  // namespace distillar::geometry
