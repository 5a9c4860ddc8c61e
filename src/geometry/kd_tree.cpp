#include "geometry/kd_tree.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <nanoflann.hpp>

#include "geometry/unique_points.hpp"

namespace distillar::geometry {

namespace {

constexpr std::size_t leaf_size = 16;  // fastest of 5 .. 32 on KITTI and nuScenes scans

/// The distinct positions, as nanoflann reads them.
struct Positions {
    std::vector<std::array<double, 3>> xyz;

    std::size_t kdtree_get_point_count() const { return xyz.size(); }
    double kdtree_get_pt(std::size_t i, std::size_t axis) const { return xyz[i][axis]; }
    template <typename Box>
    bool kdtree_get_bbox(Box& /*box*/) const {
        return false;
    }
};

using Tree = nanoflann::KDTreeSingleIndexAdaptor<nanoflann::L2_Simple_Adaptor<double, Positions>,
                                                 Positions, 3, std::uint32_t>;

/// nanoflann's result set: a sorted list. nanoflann drops whatever is not nearer than the worst
/// distance, which would leave ties to the shape of the tree; the list therefore reports a worst
/// distance slightly too large (by more than the rounding of its bounds) and decides itself.
class Nearest {
public:
    using DistanceType = double;

    Nearest(std::span<Neighbor> found, std::uint32_t except, const UniquePoints& unique)
        : found_(found), except_(except), unique_(unique) {}

    std::size_t size() const { return size_; }
    bool full() const { return size_ == found_.size(); }

    double worstDist() const {
        constexpr double slack = 1 + 1e-12;
        return full() ? found_.back().distance * slack : std::numeric_limits<double>::max();
    }

    bool addPoint(double distance, std::uint32_t group) {
        for (const std::uint32_t row : unique_.group(group)) {
            if (row != except_ && !insert({distance, row})) {
                break;
            }
        }
        return true;
    }

private:
    bool insert(const Neighbor& neighbor) {
        if (full()) {
            if (!(neighbor < found_.back())) {
                return false;
            }
            --size_;
        }
        std::size_t place = size_++;
        for (; place > 0 && neighbor < found_[place - 1]; --place) {
            found_[place] = found_[place - 1];
        }
        found_[place] = neighbor;
        return true;
    }

    std::span<Neighbor> found_;
    std::uint32_t except_;
    const UniquePoints& unique_;
    std::size_t size_ = 0;
};

Positions positions_of(const Points32& points, const UniquePoints& unique) {
    Positions positions;
    positions.xyz.reserve(unique.size());
    for (std::size_t i = 0; i < unique.size(); ++i) {
        const float* p = points.data() + 3 * std::size_t{unique.group(i).front()};
        positions.xyz.push_back({p[0], p[1], p[2]});
    }
    return positions;
}

}  // namespace

struct KdTree::Index {
    explicit Index(const Points32& points)
        : unique(unique_points(points)),
          positions(positions_of(points, unique)),
          tree(3, positions, nanoflann::KDTreeSingleIndexAdaptorParams(leaf_size)) {}

    UniquePoints unique;
    Positions positions;
    Tree tree;
};

KdTree::KdTree(const Points32& points) : index_(std::make_unique<Index>(points)) {}

KdTree::~KdTree() = default;

std::size_t KdTree::nearest(const float* query, std::uint32_t except,
                            std::span<Neighbor> found) const {
    if (found.empty()) {
        return 0;
    }
    const std::array<double, 3> position{query[0], query[1], query[2]};
    Nearest nearest(found, except, index_->unique);
    index_->tree.findNeighbors(nearest, position.data(), nanoflann::SearchParams());
    return nearest.size();
}

std::vector<std::uint32_t> KdTree::rows_by_place() const {
    std::vector<std::uint32_t> rows;
    rows.reserve(index_->unique.rows.size());
    for (const std::uint32_t group : index_->tree.vAcc) {
        const auto members = index_->unique.group(group);
        rows.insert(rows.end(), members.begin(), members.end());
    }
    return rows;
}

}  // namespace distillar::geometry
