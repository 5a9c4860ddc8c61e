#pragma once
#include <optional>

#include "geometry/camera.hpp"

namespace distillar::geometry {

/// A camera's lens: ray in the camera frame -> position on the image plane at focal length 1.
class Distortion {
public:
    explicit Distortion(const Camera& camera);

    /// Image-plane position of (x, y, z), or nothing if the model cannot see that direction.
    /// opencv: x' = a (1 + k1 s + k2 s^2 + k3 s^3) + 2 p1 a b + p2 (s + 2 a^2), a = x/z, b = y/z,
    /// s = a^2 + b^2, and likewise y'. fisheye: theta (1 + k1 t + k2 t^2 + k3 t^3 + k4 t^4) in the
    /// direction of (x, y), theta the angle to the optical axis, t = theta^2; z may be negative.
    std::optional<Eigen::Vector2d> operator()(double x, double y, double z) const;

private:
    CameraModel model_;
    std::array<double, 5> k_;
    double limit_;  ///< of s or t: from here on the radial polynomial folds back
};

/// The smallest zero in (0, limit] where the polynomial c[0] + c[1] s + c[2] s^2 + ... (c[0] > 0)
/// becomes negative, or `limit` if there is none.
double first_descent_below_zero(const std::vector<double>& coefficients, double limit);

}  // namespace distillar::geometry
