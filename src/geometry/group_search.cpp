#include "geometry/group_search.hpp"

#include <algorithm>
#include <cstring>

namespace distillar::geometry {

namespace {

constexpr std::size_t most_ranked = 96;  // the count is quadratic

constexpr std::size_t lanes = 4;
constexpr std::size_t block = 2 * lanes;
using Keys = float __attribute__((vector_size(lanes * sizeof(float))));
using Counts = std::int32_t __attribute__((vector_size(lanes * sizeof(std::int32_t))));

/// For each key of a block how many of all keys are smaller.
void count_smaller(const float* keys, std::size_t count, const float* some, std::int32_t* ranks) {
    Keys left, right;
    std::memcpy(&left, some, sizeof left);
    std::memcpy(&right, some + lanes, sizeof right);
    Counts smaller_left{}, smaller_right{};
    for (std::size_t j = 0; j < count; ++j) {
        const Keys key = Keys{} + keys[j];
        smaller_left -= key < left;  // true is -1
        smaller_right -= key < right;
    }
    std::memcpy(ranks, &smaller_left, sizeof smaller_left);
    std::memcpy(ranks + lanes, &smaller_right, sizeof smaller_right);
}

}  // namespace

void GroupSearch::prepare(std::size_t k) {
    if (k == k_) {
        return;
    }
    k_ = k;
    limit_ = k + k / 2 + 1;
    // A leaf at one place adds k + 1 at most, another its points; and one is written past the end.
    room_ = limit_ + std::max<std::size_t>(KdTree::leaf_size, k + 1) + 2;
    bounds_.resize(KdTree::leaf_size);
    counts_.resize(KdTree::leaf_size);
    distances_.resize(KdTree::leaf_size * room_);
    rows_.resize(KdTree::leaf_size * room_);
    keys_.resize(room_ + block);
    ranked_.resize(room_);
}

void GroupSearch::run(const KdTree& tree, const KdTree::Node& leaf, std::uint32_t begin,
                      std::uint32_t count) {
    box_ = leaf.box;
    begin_ = begin;
    count_ = count;
    farthest_ = std::numeric_limits<double>::infinity();
    std::fill_n(bounds_.begin(), count, farthest_);
    std::fill_n(counts_.begin(), count, std::size_t{0});
    visit(tree, 0);
    for (std::size_t query = 0; query < count; ++query) {
        if (counts_[query] != k_ || bounds_[query] == std::numeric_limits<double>::infinity()) {
            keep_nearest(query);
        }
    }
}

void GroupSearch::visit(const KdTree& tree, std::size_t i) {
    const KdTree::Node& node = tree.node(i);
    if (node.leaf) {
        scan(tree, node);
        return;
    }
    const std::size_t left = 2 * i + 1;
    const std::array<double, 2> distance{box_.distance(tree.node(left).box),
                                         box_.distance(tree.node(left + 1).box)};
    // Of touching boxes first the one that holds the queries.
    const bool left_first =
        distance[0] != distance[1] ? distance[0] < distance[1] : begin_ < tree.node(left + 1).begin;
    const std::size_t first = left_first ? 0 : 1;
    for (const std::size_t child : {first, 1 - first}) {
        if (distance[child] <= farthest_) {
            visit(tree, left + child);
        }
    }
}

void GroupSearch::scan(const KdTree& tree, const KdTree::Node& node) {
    farthest_ = 0;
    for (std::size_t query = 0; query < count_; ++query) {
        const auto position = tree.position(begin_ + static_cast<std::uint32_t>(query));
        if (node.box.distance({position, position}) <= bounds_[query]) {
            collect(tree, node, query);
            if (counts_[query] >= limit_) {
                keep_nearest(query);
            }
        }
        farthest_ = std::max(farthest_, bounds_[query]);
    }
}

void GroupSearch::collect(const KdTree& tree, const KdTree::Node& node, std::size_t query) {
    const std::uint32_t place = begin_ + static_cast<std::uint32_t>(query);
    const std::uint32_t self = tree.row(place);
    const double bound = bounds_[query];
    double* distances = distances_.data() + query * room_;
    std::uint32_t* rows = rows_.data() + query * room_;
    std::size_t count = counts_[query];
    std::array<double, KdTree::leaf_size> distance;
    if (node.one_place()) {
        // Equally far, rows ascend: of k + 1 at most one is the query itself.
        tree.distances(tree.position(place), node.begin, 1, distance.data());
        const auto most = std::min<std::size_t>(node.size(), k_ + 1);
        for (std::uint32_t j = 0; j < most; ++j) {
            distances[count] = distance[0];
            rows[count] = tree.row(node.begin + j);
            count += rows[count] != self ? 1U : 0U;
        }
    } else {
        tree.distances(tree.position(place), node.begin, node.size(), distance.data());
        for (std::uint32_t j = 0; j < node.size(); ++j) {
            distances[count] = distance[j];
            rows[count] = tree.row(node.begin + j);
            count += static_cast<std::size_t>(distance[j] <= bound) &
                     static_cast<std::size_t>(rows[count] != self);
        }
    }
    counts_[query] = count;
}

/// Keeps a query's k nearest, in order.
void GroupSearch::keep_nearest(std::size_t query) {
    double* distances = distances_.data() + query * room_;
    std::uint32_t* rows = rows_.data() + query * room_;
    const std::size_t count = counts_[query];
    if (count > most_ranked || !rank_nearest(distances, rows, count)) {
        sort_nearest(distances, rows, count);
    }
    counts_[query] = std::min(count, k_);
    if (count >= k_) {
        bounds_[query] = distances[k_ - 1];
    }
}

/// Puts the k + 1 nearest in their places. Distances are compared in float32: different ones are in
/// the order of float64. If some are equal, they share a rank, and the place of the next stays
/// empty: nothing is changed then.
bool GroupSearch::rank_nearest(double* distances, std::uint32_t* rows, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        keys_[i] = static_cast<float>(distances[i]);
    }
    const std::size_t behind = room_ - 1;  // for those whose place does not matter
    std::fill_n(ranked_.begin(), std::min(count, k_ + 1), Neighbor{});
    for (std::size_t first = 0; first < count; first += block) {
        std::array<std::int32_t, block> ranks;
        count_smaller(keys_.data(), count, keys_.data() + first, ranks.data());
        for (std::size_t i = first; i < std::min(count, first + block); ++i) {
            const auto rank = static_cast<std::size_t>(ranks[i - first]);
            ranked_[rank <= k_ ? rank : behind] = {distances[i], rows[i]};
        }
    }
    const std::size_t checked = std::min(count, k_ + 1);
    for (std::size_t i = 0; i < checked; ++i) {
        if (ranked_[i].row == Neighbor::none) {
            return false;
        }
    }
    for (std::size_t i = 0; i < checked; ++i) {
        distances[i] = ranked_[i].distance;
        rows[i] = ranked_[i].row;
    }
    return true;
}

void GroupSearch::sort_nearest(double* distances, std::uint32_t* rows, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        ranked_[i] = {distances[i], rows[i]};
    }
    std::sort(ranked_.begin(), ranked_.begin() + static_cast<std::ptrdiff_t>(count));
    for (std::size_t i = 0; i < count; ++i) {
        distances[i] = ranked_[i].distance;
        rows[i] = ranked_[i].row;
    }
}

}  // namespace distillar::geometry
