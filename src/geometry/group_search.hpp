#pragma once
#include <cstdint>
#include <vector>

#include "geometry/kd_tree.hpp"
#include "geometry/leaf_points.hpp"

namespace distillar::geometry {

/// The nearest neighbours of the points of a leaf (of a large one, of some), found together: what
/// lies near one lies near all, so the tree is walked once. Each point collects what is not farther
/// than its bound; now and then most of what is farther than the k-th nearest is dropped, which
/// gives the next bound. At the end ranks are counted instead of sorted: no branch depends on a
/// distance.
class GroupSearch {
public:
    /// Makes room for groups of `KdTree::leaf_size` points with k >= 1 neighbours.
    void prepare(std::size_t k);

    /// Finds the k nearest others (all, if there are fewer) of `count` points of a leaf from place
    /// `begin` on. Exact, ordered by (distance, row).
    void run(const KdTree& tree, const KdTree::Node& leaf, std::uint32_t begin,
             std::uint32_t count);

    std::size_t found(std::size_t query) const { return queries_.found[query]; }
    /// Places in the tree.
    const std::uint32_t* places(std::size_t query) const { return places_.data() + query * room_; }

private:
    void visit(const KdTree& tree, std::size_t node);
    void scan(const KdTree& tree, const KdTree::Node& node);
    void collect_one_place(const KdTree& tree, const KdTree::Node& node, std::size_t query);
    void tighten(const KdTree& tree, std::size_t query);
    void order(const KdTree& tree, std::size_t query);
    bool order_by_ranks(std::size_t query);
    void order_by_sorting(const KdTree& tree, std::size_t query);

    std::size_t k_ = 0, limit_ = 0, room_ = 0;
    Box box_;
    std::uint32_t begin_ = 0, count_ = 0;
    float farthest_ = 0;  ///< largest bound

    QueryGroup queries_{};
    std::vector<float> distances_;       ///< of all queries, x room
    std::vector<std::uint32_t> places_;  ///< x room

    // Of one query.
    std::vector<std::int32_t> ranks_;
    std::vector<std::uint32_t> ordered_;
    std::vector<std::pair<Neighbor, std::uint32_t>> sorted_;  ///< and its place
};

}  // namespace distillar::geometry
