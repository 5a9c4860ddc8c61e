#include "geometry/neighbors.hpp"

#include <limits>

#include "base/error.hpp"
#include "base/thread_pool.hpp"
#include "geometry/kd_tree.hpp"

namespace distillar::geometry {

namespace {

constexpr std::size_t queries_per_chunk = 512;

void check(const Points32& points, const char* what) {
    if (points.rows() > std::numeric_limits<std::int32_t>::max()) {
        base::fail("neighbours: {} {} overflow 32-bit indices; split the scan", points.rows(),
                   what);
    }
    if (!points.allFinite()) {
        base::fail("neighbours: the {} hold a coordinate that is not finite; drop such points",
                   what);
    }
}

}  // namespace

std::vector<std::int32_t> nearest_neighbors(const Points32& points, int k) {
    if (k < 1) {
        base::fail("neighbours: {} of each point asked for; ask for at least 1", k);
    }
    check(points, "points");
    const auto count = static_cast<std::size_t>(points.rows());
    const auto columns = static_cast<std::size_t>(k);
    std::vector<std::int32_t> neighbors(count * columns);
    if (count == 0) {
        return neighbors;
    }
    const KdTree tree(points);
    const std::vector<std::uint32_t> rows = tree.rows_by_place();
    base::parallel_for(count, queries_per_chunk, [&](std::size_t begin, std::size_t end) {
        std::vector<Neighbor> found(columns - 1);
        for (std::size_t i = begin; i < end; ++i) {
            const std::uint32_t self = rows[i];
            const std::size_t others =
                tree.nearest(points.data() + 3 * std::size_t{self}, self, found);
            std::int32_t* row = neighbors.data() + self * columns;
            row[0] = static_cast<std::int32_t>(self);
            for (std::size_t j = 1; j < columns; ++j) {
                row[j] = j <= others ? static_cast<std::int32_t>(found[j - 1].row) : row[j - 1];
            }
        }
    });
    return neighbors;
}

std::vector<std::int32_t> nearest_point(const Points32& references, const Points32& queries) {
    if (references.rows() == 0) {
        base::fail("neighbours: no reference points; give at least one");
    }
    check(references, "reference points");
    check(queries, "query points");
    const auto count = static_cast<std::size_t>(queries.rows());
    std::vector<std::int32_t> nearest(count);
    const KdTree tree(references);
    base::parallel_for(count, queries_per_chunk, [&](std::size_t begin, std::size_t end) {
        Neighbor found{};
        for (std::size_t i = begin; i < end; ++i) {
            tree.nearest(queries.data() + 3 * i, KdTree::none, std::span(&found, 1));
            nearest[i] = static_cast<std::int32_t>(found.row);
        }
    });
    return nearest;
}

}  // namespace distillar::geometry
