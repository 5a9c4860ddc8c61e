#include "geometry/road.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace distillar::geometry {

namespace {

constexpr double nearest = 5.0;    // metres, horizontal: closer, the vehicle itself is seen
constexpr double farthest = 20.0;  // farther, slopes and kerbs tell more than the road
constexpr double deepest = 8.0;    // metres below the sensor
constexpr std::size_t bins = 160;  // of 5 cm
constexpr std::size_t window = 4;  // bins
constexpr std::size_t fewest_points = 200;

std::vector<double> depths_nearby(const Points& points) {
    std::vector<double> depths;
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
        const double range = std::hypot(points(i, 0), points(i, 1));
        const double depth = -points(i, 2);
        if (range >= nearest && range <= farthest && depth > 0 && depth < deepest) {
            depths.push_back(depth);
        }
    }
    return depths;
}

}  // namespace

std::optional<double> road_height(const Points& points) {
    std::vector<double> depths = depths_nearby(points);
    std::array<std::size_t, bins> histogram{};
    constexpr double bins_per_metre = static_cast<double>(bins) / deepest;
    for (const double depth : depths) {
        ++histogram[std::min(bins - 1, static_cast<std::size_t>(depth * bins_per_metre))];
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
    const double low = static_cast<double>(best) / bins_per_metre;
    const double high = static_cast<double>(best + window) / bins_per_metre;
    std::erase_if(depths, [&](double depth) { return depth < low || depth >= high; });
    const auto middle = depths.begin() + static_cast<std::ptrdiff_t>(depths.size() / 2);
    std::nth_element(depths.begin(), middle, depths.end());
    return *middle;
}

}  // namespace distillar::geometry
