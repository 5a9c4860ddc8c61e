#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "geometry/leaf_points.hpp"
#include "geometry/points.hpp"

namespace distillar::geometry {

/// A point and its squared distance to a query, in float64: exact ties stay ties.
struct Neighbor {
    static constexpr std::uint32_t none = 0xFFFFFFFF;

    double distance = std::numeric_limits<double>::infinity();
    std::uint32_t row = none;

    bool operator<(const Neighbor& other) const {
        return distance != other.distance ? distance < other.distance : row < other.row;
    }
};

/// Axis-parallel box around points.
struct Box {
    std::array<double, 3> min{}, max{};

    /// Squared, from the nearest point of one to that of the other. It is never above the squared
    /// distance of two points inside as `squared_distance` rounds it, so that a search which skips
    /// only what is farther than its worst find misses nothing, not even a tie.
    double distance(const Box& other) const {
        double sum = 0;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const double away = std::max(min[axis] - other.max[axis], other.min[axis] - max[axis]);
            const double gap = 0.5 * (away + std::abs(away));  // or 0; std::max would branch here
            sum += gap * gap;
        }
        return sum;
    }
};

/// Squared, summed over x, y, z in this order.
double squared_distance(const float* a, const float* b);

/// Balanced tree of boxes over a cloud: each node halves its points along its longest side. Memory
/// is kept from one cloud to the next. Searches may run on several threads at once.
class KdTree {
public:
    /// Of the children 2i + 1 and 2i + 2 of node i.
    struct Node {
        Box box;
        std::uint32_t begin = 0, end = 0;  ///< places of its points
        bool leaf = true;

        std::uint32_t size() const { return end - begin; }
        /// All at one place, however many (sensors write lost returns as zeros).
        bool one_place() const { return box.min == box.max; }
    };

    struct Placed {
        std::array<float, 3> xyz;
        std::uint32_t row;
    };

    /// A leaf has no more points, unless they are all at one place; then their rows ascend.
    static constexpr std::uint32_t leaf_size = 16;

    /// @param points  finite, at most 2^31 - 1.
    void build(const PointsView& points);

    std::size_t size() const { return rows_.size(); }
    const Node& node(std::size_t i) const { return nodes_[i]; }
    const std::vector<std::uint32_t>& leaves() const { return leaves_; }
    std::uint32_t row(std::uint32_t place) const { return rows_[place]; }
    std::array<double, 3> position(std::uint32_t place) const {
        return {xyz_[0][place], xyz_[1][place], xyz_[2][place]};
    }
    LeafPoints points(const Node& leaf) const {
        return {xyz_[0].data() + leaf.begin,
                xyz_[1].data() + leaf.begin,
                xyz_[2].data() + leaf.begin,
                leaf.begin,
                leaf.size(),
                leaf.box.min.data(),
                leaf.box.max.data()};
    }

    /// The point nearest to a query, the lowest row of equally near ones.
    /// @param guess  a point of the cloud: the search starts at its leaf and climbs; or none. The
    ///               result does not depend on it.
    Neighbor nearest(const float* query, Neighbor guess) const;

private:
    void split(std::size_t node, bool last_level);
    void split(std::size_t level, std::size_t begin, std::size_t end, std::size_t levels);
    void place();
    void search(std::size_t node, const Box& query, Neighbor& best) const;
    void climb(std::size_t node, const Box& query, Neighbor& best) const;

    std::vector<Node> nodes_;
    std::vector<std::uint32_t> leaves_;   ///< that have points, in order of place
    std::vector<std::uint32_t> leaf_of_;  ///< by row
    std::vector<Placed> placed_;
    std::vector<std::uint32_t> rows_;         ///< by place
    std::array<std::vector<double>, 3> xyz_;  ///< by place, and leaf_slack more
};

}  // namespace distillar::geometry
