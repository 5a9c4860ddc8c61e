#include "evaluation/scan_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "geometry/neighbors.hpp"

namespace distillar::evaluation {

namespace {

constexpr std::size_t transport_steps = 2000;  ///< quantiles compared by the earth mover

/// Of sorted values, which must not be empty.
double sorted_quantile(const std::vector<float>& values, double at) {
    const double place = std::clamp(at, 0.0, 1.0) * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const auto above = std::min(below + 1, values.size() - 1);
    const double share = place - static_cast<double>(below);
    return (1 - share) * static_cast<double>(values[below]) +
           share * static_cast<double>(values[above]);
}

void add_spacing(ScanStatistics& statistics, const geometry::Points32& points) {
    if (points.rows() < 2) {
        return;
    }
    const auto nearest = geometry::nearest_neighbors(points, 2);
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
        const auto other = nearest[static_cast<std::size_t>(2 * i + 1)];
        statistics.spacing.push_back((points.row(i) - points.row(other)).norm());
    }
}

}  // namespace

void add_scan(ScanStatistics& statistics, const datasets::Frame& frame,
              const StatisticsOptions& options) {
    std::vector<Eigen::Index> rows;
    for (Eigen::Index i = 0; i < frame.points.rows(); ++i) {
        const Eigen::Vector3d point = frame.points.row(i).transpose() - options.origin;
        const double range = point.norm();
        if (range < options.min_range) {
            ++statistics.empty;
        } else if (range <= options.max_range) {
            rows.push_back(i);
            statistics.range.push_back(static_cast<float>(range));
            statistics.elevation.push_back(
                static_cast<float>(std::asin(point.z() / range) * 180 / std::numbers::pi));
        }
    }
    ++statistics.scans;
    statistics.points += rows.size();
    geometry::Points32 points(static_cast<Eigen::Index>(rows.size()), 3);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        points.row(static_cast<Eigen::Index>(i)) = frame.points.row(rows[i]).cast<float>();
    }
    add_spacing(statistics, points);
    if (!frame.intensity.empty()) {
        for (const Eigen::Index row : rows) {
            statistics.intensity.push_back(frame.intensity[static_cast<std::size_t>(row)]);
        }
    }
    if (options.taxonomy != nullptr && !frame.labels.empty()) {
        const auto classes = options.taxonomy->map(frame.labels);
        statistics.class_points.resize(options.taxonomy->classes.size());
        for (const Eigen::Index row : rows) {
            const std::size_t known = classes[static_cast<std::size_t>(row)];
            if (known < statistics.class_points.size()) {
                ++statistics.class_points[known];
            }
        }
    }
}

std::vector<double> quantiles(std::vector<float> values, const std::vector<double>& at) {
    std::sort(values.begin(), values.end());
    std::vector<double> result;
    for (const double share : at) {
        result.push_back(values.empty() ? 0 : sorted_quantile(values, share));
    }
    return result;
}

double quantile(std::vector<float> values, double at) {
    return quantiles(std::move(values), {at}).front();
}

std::vector<double> histogram(const std::vector<float>& values, const std::vector<double>& edges) {
    std::vector<double> bins(edges.size() - 1, 0);
    for (const float value : values) {
        const auto above =
            std::upper_bound(edges.begin() + 1, edges.end() - 1, static_cast<double>(value));
        bins[static_cast<std::size_t>(above - edges.begin() - 1)] += 1;
    }
    for (double& bin : bins) {
        bin /= static_cast<double>(std::max<std::size_t>(values.size(), 1));
    }
    return bins;
}

double total_variation(const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        sum += std::abs(a[i] - b[i]);
    }
    return sum / 2;
}

double earth_movers_distance(std::vector<float> a, std::vector<float> b) {
    if (a.empty() || b.empty()) {
        return 0;
    }
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    double sum = 0;
    for (std::size_t i = 0; i < transport_steps; ++i) {
        const double at = (static_cast<double>(i) + 0.5) / static_cast<double>(transport_steps);
        sum += std::abs(sorted_quantile(a, at) - sorted_quantile(b, at));
    }
    return sum / static_cast<double>(transport_steps);
}

}  // namespace distillar::evaluation
