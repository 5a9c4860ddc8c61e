#include <algorithm>

#include "base/error.hpp"
#include "geometry/neighbors.hpp"

namespace distillar::geometry {

namespace {

/// All points by (distance, row).
std::vector<Neighbor> sorted_by_distance(const PointsView& points, const float* query) {
    std::vector<Neighbor> all;
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
        all.push_back(
            {squared_distance(query, points.data() + 3 * i), static_cast<std::uint32_t>(i)});
    }
    std::sort(all.begin(), all.end());
    return all;
}

}  // namespace

std::vector<std::int32_t> nearest_neighbors_brute_force(const PointsView& points, int k) {
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

std::vector<std::int32_t> nearest_point_brute_force(const PointsView& references,
                                                    const PointsView& queries) {
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
