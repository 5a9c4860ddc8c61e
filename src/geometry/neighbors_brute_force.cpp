#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "geometry/kd_tree.hpp"
#include "geometry/neighbors.hpp"

namespace distillar::geometry {

namespace {

double squared_distance(const float* a, const float* b) {
    double sum = 0;
    for (int axis = 0; axis < 3; ++axis) {
        const double difference = static_cast<double>(a[axis]) - static_cast<double>(b[axis]);
        sum += difference * difference;
    }
    return sum;
}

/// All points by (distance, row).
std::vector<Neighbor> sorted_by_distance(const Points32& points, const float* query) {
    std::vector<Neighbor> all;
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
        all.push_back(
            {squared_distance(query, points.data() + 3 * i), static_cast<std::uint32_t>(i)});
    }
    std::sort(all.begin(), all.end());
    return all;
}

}  // namespace

std::vector<std::int32_t> nearest_neighbors_brute_force(const Points32& points, int k) {
    std::vector<std::int32_t> neighbors;
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
        std::vector<std::int32_t> row{static_cast<std::int32_t>(i)};
        for (const Neighbor& neighbor : sorted_by_distance(points, points.data() + 3 * i)) {
            if (static_cast<Eigen::Index>(neighbor.row) != i) {
                row.push_back(static_cast<std::int32_t>(neighbor.row));
            }
        }
        row.resize(static_cast<std::size_t>(k), row.back());
        neighbors.insert(neighbors.end(), row.begin(), row.end());
    }
    return neighbors;
}

std::vector<std::int32_t> nearest_point_brute_force(const Points32& references,
                                                    const Points32& queries) {
    std::vector<std::int32_t> nearest;
    for (Eigen::Index i = 0; i < queries.rows(); ++i) {
        const auto sorted = sorted_by_distance(references, queries.data() + 3 * i);
        if (sorted.empty()) {
            base::fail("neighbours: no reference points; give at least one");
        }
        nearest.push_back(static_cast<std::int32_t>(sorted.front().row));
    }
    return nearest;
}

}  // namespace distillar::geometry
