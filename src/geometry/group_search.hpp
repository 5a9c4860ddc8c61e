#pragma once
#include <cstdint>
#include <vector>

#include "geometry/kd_tree.hpp"

namespace distillar::geometry {

/// The nearest neighbours of the points of a leaf (of a large one, of some), found together: what
/// lies near one lies near all, so the tree is walked once. Each point collects what is not farther
/// than its bound; now and then only its k nearest are kept, and the farthest of them is the next
/// bound. Ranks are counted instead of sorted: no branch depends on a distance.
class GroupSearch {
public:
    /// Makes room for groups of `KdTree::leaf_size` points with k >= 1 neighbours.
    void prepare(std::size_t k);

    /// Finds the k nearest others (all, if there are fewer) of `count` points of a leaf from place
    /// `begin` on. Exact, ordered by (distance, row).
    void run(const KdTree& tree, const KdTree::Node& leaf, std::uint32_t begin,
             std::uint32_t count);

    std::size_t found(std::size_t query) const { return counts_[query]; }
    const std::uint32_t* rows(std::size_t query) const { return rows_.data() + query * room_; }

private:
    void visit(const KdTree& tree, std::size_t node);
    void scan(const KdTree& tree, const KdTree::Node& node);
    void collect(const KdTree& tree, const KdTree::Node& node, std::size_t query);
    void keep_nearest(std::size_t query);
    bool rank_nearest(double* distances, std::uint32_t* rows, std::size_t count);
    void sort_nearest(double* distances, std::uint32_t* rows, std::size_t count);

    std::size_t k_ = 0, limit_ = 0, room_ = 0;
    Box box_;
    std::uint32_t begin_ = 0, count_ = 0;
    double farthest_ = 0;  ///< largest bound

    // Per query.
    std::vector<double> bounds_;
    std::vector<std::size_t> counts_;
    std::vector<double> distances_;    ///< x room
    std::vector<std::uint32_t> rows_;  ///< x room

    // Of one query.
    std::vector<float> keys_;
    std::vector<Neighbor> ranked_;
};

}  // namespace distillar::geometry
