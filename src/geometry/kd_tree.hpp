#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "geometry/points.hpp"

namespace distillar::geometry {

/// A point and its squared distance to a query, in float64: exact ties stay ties.
struct Neighbor {
    double distance;
    std::uint32_t row;

    bool operator<(const Neighbor& other) const {
        return distance != other.distance ? distance < other.distance : row < other.row;
    }
};

/// KD-tree (nanoflann) over a cloud. Queries are exact and ordered by (distance, row), whatever the
/// tree looks like, and may run on several threads at once.
class KdTree {
public:
    static constexpr std::uint32_t none = 0xFFFFFFFF;

    /// @param points  finite, not empty.
    explicit KdTree(const Points32& points);
    ~KdTree();

    /// The nearest points to `query`, nearest first, without the row `except`.
    /// @return how many were found: as many as `found` has room for, or all.
    std::size_t nearest(const float* query, std::uint32_t except, std::span<Neighbor> found) const;

    /// All rows of the cloud, near ones near each other: the order in which queries are fastest.
    std::vector<std::uint32_t> rows_by_place() const;

private:
    struct Index;
    std::unique_ptr<Index> index_;
};

}  // namespace distillar::geometry
