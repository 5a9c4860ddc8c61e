#include "geometry/road.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace distillar::geometry {

namespace {

constexpr double nearest = 3.0;    // metres, horizontal: closer, the vehicle itself is seen
constexpr double farthest = 20.0;  // farther, hills and kerbs tell more than the road
constexpr double deepest = 8.0;    // metres below the sensor
constexpr std::size_t bins = 160;  // of 5 cm
constexpr std::size_t window = 4;  // bins
constexpr std::size_t fewest_points = 200;
constexpr double steepest = 0.25;                                    // rise per metre
constexpr std::array distances{0.5, 0.4, 0.3, 0.2, 0.15, 0.1, 0.1};  // metres to the plane, in turn

template <typename Matrix>
void find_nearby(const Matrix& points, std::vector<Eigen::Vector3d>& nearby) {
    nearby.clear();
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
        const Eigen::Vector3d point = points.row(i).transpose().template cast<double>();
        const double range = std::hypot(point.x(), point.y());
        const double depth = -point.z();
        if (range >= nearest && range <= farthest && depth > 0 && depth < deepest) {
            nearby.push_back(point);
        }
    }
}

/// The most frequent depth below the sensor, or nothing if too few points agree.
std::optional<double> most_frequent_depth(const std::vector<Eigen::Vector3d>& points) {
    std::array<std::size_t, bins> histogram{};
    constexpr double bins_per_metre = static_cast<double>(bins) / deepest;
    for (const auto& point : points) {
        ++histogram[std::min(bins - 1, static_cast<std::size_t>(-point.z() * bins_per_metre))];
    }
    std::size_t best = 0;
    std::size_t best_count = 0;
    for (std::size_t first = 0; first + window <= bins; ++first) {
        std::size_t count = 0;
        for (std::size_t bin = first; bin < first + window; ++bin) {
            count += histogram[bin];
        }
        if (count > best_count) {
            best = first;
            best_count = count;
        }
    }
    if (best_count < fewest_points) {
        return std::nullopt;
    }
    return (static_cast<double>(best) + 0.5 * static_cast<double>(window)) / bins_per_metre;
}

/// z = plane . (x, y, 1), least squares over the points within `distance` of the last plane; the
/// last plane again if these points do not make one.
Eigen::Vector3d refit(const std::vector<Eigen::Vector3d>& points, const Eigen::Vector3d& last,
                      double distance) {
    Eigen::Matrix3d squares = Eigen::Matrix3d::Zero();
    Eigen::Vector3d products = Eigen::Vector3d::Zero();
    std::size_t count = 0;
    for (const auto& point : points) {
        const Eigen::Vector3d row(point.x(), point.y(), 1);
        if (std::abs(point.z() - last.dot(row)) < distance) {
            squares += row * row.transpose();
            products += row * point.z();
            ++count;
        }
    }
    if (count < fewest_points) {
        return last;
    }
    const Eigen::Vector3d plane = squares.ldlt().solve(products);
    const bool usable = plane.allFinite() && plane.head<2>().norm() < steepest && plane.z() < 0;
    return usable ? plane : last;
}

std::optional<double> height_of(const std::vector<Eigen::Vector3d>& nearby) {
    const auto depth = most_frequent_depth(nearby);
    if (!depth) {
        return std::nullopt;
    }
    Eigen::Vector3d plane(0, 0, -*depth);
    for (const double distance : distances) {
        plane = refit(nearby, plane, distance);
    }
    return -plane.z();
}

}  // namespace

std::optional<double> road_height(const Points& points) {
    std::vector<Eigen::Vector3d> nearby;
    find_nearby(points, nearby);
    return height_of(nearby);
}

std::optional<double> road_height(const PointsView& points, std::vector<Eigen::Vector3d>& nearby) {
    find_nearby(points, nearby);
    return height_of(nearby);
}

}  // namespace distillar::geometry
