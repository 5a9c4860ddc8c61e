#include "geometry/neighbors.hpp"

#include <algorithm>
#include <span>

#include "base/error.hpp"
#include "base/thread_pool.hpp"

namespace distillar::geometry {

namespace {

constexpr std::size_t leaves_per_chunk = 32;
constexpr std::size_t queries_per_chunk = 512;

/// What was found as rows; the rest repeats the farthest, or the point itself.
void write(const KdTree& tree, const GroupSearch& search, std::size_t query, std::uint32_t self,
           std::span<std::int32_t> to) {
    const std::uint32_t* places = search.places(query);
    const std::size_t found = search.found(query);
    for (std::size_t i = 0; i < to.size(); ++i) {
        const std::uint32_t row = found > 0 ? tree.row(places[std::min(i, found - 1)]) : self;
        to[i] = static_cast<std::int32_t>(row);
    }
}

}  // namespace

void check_neighbor_points(const PointsView& points, const char* what) {
    if (points.rows() > std::numeric_limits<std::int32_t>::max()) {
        base::fail("neighbours: {} {} overflow 32-bit indices; split the scan", points.rows(),
                   what);
    }
    if (!points.allFinite()) {
        base::fail("neighbours: the {} hold a coordinate that is not finite; drop such points",
                   what);
    }
}

void nearest_others(const KdTree& tree, int k, GroupSearches& searches,
                    std::vector<std::int32_t>& others) {
    const auto columns = static_cast<std::size_t>(k);
    others.resize(tree.size() * columns);
    if (others.empty()) {
        return;
    }
    searches.resize(std::max(searches.size(), base::thread_count()));
    for (GroupSearch& search : searches) {
        search.prepare(columns);
    }
    const auto& leaves = tree.leaves();
    base::parallel_for(leaves.size(), leaves_per_chunk, [&](std::size_t first, std::size_t last) {
        GroupSearch& search = searches[base::thread_index()];
        for (std::size_t i = first; i < last; ++i) {
            const KdTree::Node& leaf = tree.node(leaves[i]);
            for (std::uint32_t begin = leaf.begin; begin < leaf.end; begin += KdTree::leaf_size) {
                const std::uint32_t count = std::min(KdTree::leaf_size, leaf.end - begin);
                search.run(tree, leaf, begin, count);
                for (std::uint32_t query = 0; query < count; ++query) {
                    const std::uint32_t self = tree.row(begin + query);
                    write(tree, search, query, self, {others.data() + self * columns, columns});
                }
            }
        }
    });
}

std::vector<std::int32_t> nearest_neighbors(const PointsView& points, int k) {
    if (k < 1) {
        base::fail("neighbours: {} of each point asked for; ask for at least 1", k);
    }
    check_neighbor_points(points, "points");
    KdTree tree;
    tree.build(points);
    GroupSearches searches;
    std::vector<std::int32_t> others;
    nearest_others(tree, k - 1, searches, others);
    std::vector<std::int32_t> neighbors;
    neighbors.reserve(tree.size() * static_cast<std::size_t>(k));
    for (auto self = 0; self < points.rows(); ++self) {
        neighbors.push_back(self);
        const auto row = others.begin() + static_cast<std::ptrdiff_t>(self) * (k - 1);
        neighbors.insert(neighbors.end(), row, row + (k - 1));
    }
    return neighbors;
}

void nearest_point(const KdTree& tree, const std::vector<float>& references,
                   const PointsView& queries, const std::vector<std::int32_t>& hints, bool distinct,
                   std::vector<std::int32_t>& nearest) {
    const auto count = static_cast<std::size_t>(queries.rows());
    nearest.resize(count);
    base::parallel_for(count, queries_per_chunk, [&](std::size_t begin, std::size_t end) {
        std::int32_t last = 0;  // scans are written as the lidar turns: the next point is near
        for (std::size_t i = begin; i < end; ++i) {
            const float* query = queries.data() + 3 * i;
            const std::int32_t guess = !hints.empty() && hints[i] >= 0 ? hints[i] : last;
            const double distance =
                squared_distance(query, references.data() + 3 * static_cast<std::size_t>(guess));
            last = guess;
            if (distance > 0 || !distinct) {
                const Neighbor near{distance, static_cast<std::uint32_t>(guess)};
                last = static_cast<std::int32_t>(tree.nearest(query, near).row);
            }
            nearest[i] = last;
        }
    });
}

std::vector<std::int32_t> nearest_point(const PointsView& references, const PointsView& queries) {
    if (references.rows() == 0) {
        base::fail("neighbours: no reference points; give at least one");
    }
    check_neighbor_points(references, "reference points");
    check_neighbor_points(queries, "query points");
    const std::vector<float> numbers(references.data(), references.data() + references.size());
    KdTree tree;
    tree.build(references);
    std::vector<std::int32_t> nearest;
    nearest_point(tree, numbers, queries, {}, false, nearest);
    return nearest;
}

}  // namespace distillar::geometry
