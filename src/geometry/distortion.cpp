#include "geometry/distortion.hpp"

#include <cmath>
#include <numbers>

namespace distillar::geometry {

namespace {

/// s = tan^2 of the angle to the axis: beyond 89.99 degrees nothing lands in an image.
constexpr double widest_plane = 1e8;

double evaluate(const std::vector<double>& coefficients, double s) {
    double value = 0;
    for (auto c = coefficients.rbegin(); c != coefficients.rend(); ++c) {
        value = value * s + *c;
    }
    return value;
}

/// The zero between low and high, where the values have different signs.
double bisect(const std::vector<double>& coefficients, double low, double high) {
    const bool positive_low = evaluate(coefficients, low) >= 0;
    for (int step = 0; step < 200; ++step) {
        const double middle = 0.5 * (low + high);
        if (middle <= low || middle >= high) {
            break;
        }
        ((evaluate(coefficients, middle) >= 0) == positive_low ? low : high) = middle;
    }
    return low;
}

/// All sign changes in (0, limit), ascending: between two neighbouring extrema there is at most
/// one.
std::vector<double> sign_changes(const std::vector<double>& coefficients, double limit) {
    if (coefficients.size() < 2) {
        return {};
    }
    std::vector<double> derivative;
    for (std::size_t i = 1; i < coefficients.size(); ++i) {
        derivative.push_back(static_cast<double>(i) * coefficients[i]);
    }
    std::vector<double> borders = sign_changes(derivative, limit);
    borders.push_back(limit);
    std::vector<double> zeros;
    double low = 0;
    for (const double high : borders) {
        if ((evaluate(coefficients, low) >= 0) != (evaluate(coefficients, high) >= 0)) {
            zeros.push_back(bisect(coefficients, low, high));
        }
        low = high;
    }
    return zeros;
}

/// Where the distorted radius stops growing: r (1 + sum k_i r^2i) has the slope
/// 1 + sum (2i + 1) k_i s^i, s = r^2.
double fold_of(CameraModel model, const std::array<double, 5>& k) {
    switch (model) {
        case CameraModel::opencv:
            return first_descent_below_zero({1, 3 * k[0], 5 * k[1], 7 * k[4]}, widest_plane);
        case CameraModel::fisheye:
            return first_descent_below_zero({1, 3 * k[0], 5 * k[1], 7 * k[2], 9 * k[3]},
                                            std::numbers::pi * std::numbers::pi);
        case CameraModel::pinhole:
            break;
    }
    return widest_plane;
}

}  // namespace

double first_descent_below_zero(const std::vector<double>& coefficients, double limit) {
    const std::vector<double> zeros = sign_changes(coefficients, limit);
    return zeros.empty() ? limit : zeros.front();
}

Distortion::Distortion(const Camera& camera)
    : model_(camera.model), k_(camera.distortion), limit_(fold_of(camera.model, k_)) {}

std::optional<Eigen::Vector2d> Distortion::operator()(double x, double y, double z) const {
    if (model_ == CameraModel::fisheye) {
        const double r = std::hypot(x, y);
        const double theta = std::atan2(r, z);
        const double t = theta * theta;
        if (t >= limit_) {
            return std::nullopt;
        }
        if (r == 0) {
            return Eigen::Vector2d(0, 0);
        }
        const double distorted = theta * (1 + t * (k_[0] + t * (k_[1] + t * (k_[2] + t * k_[3]))));
        return Eigen::Vector2d(x / r * distorted, y / r * distorted);
    }
    if (!(z > 0)) {
        return std::nullopt;
    }
    const double a = x / z;
    const double b = y / z;
    if (model_ == CameraModel::pinhole) {
        return Eigen::Vector2d(a, b);
    }
    const double s = a * a + b * b;
    if (!(s < limit_)) {
        return std::nullopt;
    }
    const double radial = 1 + s * (k_[0] + s * (k_[1] + s * k_[4]));
    const double p1 = k_[2];
    const double p2 = k_[3];
    return Eigen::Vector2d(a * radial + 2 * p1 * a * b + p2 * (s + 2 * a * a),
                           b * radial + p1 * (s + 2 * b * b) + 2 * p2 * a * b);
}

}  // namespace distillar::geometry
