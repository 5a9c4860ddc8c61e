#include "geometry/group_search.hpp"

#include <algorithm>

namespace distillar::geometry {

namespace {

constexpr std::size_t most_ranked = 96;  // the count is quadratic

}  // namespace

void GroupSearch::prepare(std::size_t k) {
    static_assert(QueryGroup::most == KdTree::leaf_size);
    if (k == k_) {
        return;
    }
    k_ = k;
    limit_ = k + k / 2 + 1;
    // A leaf at one place adds k + 1 at most, another its points.
    room_ = limit_ + std::max<std::size_t>(KdTree::leaf_size, k + 1) + leaf_slack;
    distances_.resize(QueryGroup::most * room_);
    places_.resize(QueryGroup::most * room_);
    ranks_.resize(room_);
    ordered_.resize(k + 2);
    sorted_.resize(room_);
}

void GroupSearch::run(const KdTree& tree, const KdTree::Node& leaf, std::uint32_t begin,
                      std::uint32_t count) {
    box_ = leaf.box;
    begin_ = begin;
    count_ = count;
    farthest_ = std::numeric_limits<float>::infinity();
    queries_.distances = distances_.data();
    queries_.places = places_.data();
    queries_.room = room_;
    std::fill_n(queries_.bound, QueryGroup::most, -1.0F);
    for (std::uint32_t query = 0; query < count; ++query) {
        const auto position = tree.position(begin + query);
        queries_.x[query] = position[0];
        queries_.y[query] = position[1];
        queries_.z[query] = position[2];
        queries_.place[query] = begin + query;
        queries_.bound[query] = farthest_;
        queries_.found[query] = 0;
    }
    visit(tree, 0);
    for (std::size_t query = 0; query < count; ++query) {
        order(tree, query);
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
        if (static_cast<float>(distance[child]) <= farthest_) {
            visit(tree, left + child);
        }
    }
}

void GroupSearch::scan(const KdTree& tree, const KdTree::Node& node) {
    if (!node.one_place()) {
        collect(tree.points(node), queries_);
    }
    farthest_ = 0;
    for (std::size_t query = 0; query < count_; ++query) {
        if (node.one_place()) {
            collect_one_place(tree, node, query);
        }
        if (queries_.found[query] >= limit_) {
            tighten(tree, query);
        }
        farthest_ = std::max(farthest_, queries_.bound[query]);
    }
}

/// Equally far, rows ascend: of k + 1 at most one is the query itself.
void GroupSearch::collect_one_place(const KdTree& tree, const KdTree::Node& node,
                                    std::size_t query) {
    const auto position = tree.position(queries_.place[query]);
    const auto distance = static_cast<float>(node.box.distance({position, position}));
    if (distance > queries_.bound[query]) {
        return;
    }
    std::size_t& found = queries_.found[query];
    const auto most = std::min<std::size_t>(node.size(), k_ + 1);
    for (std::uint32_t place = node.begin; place < node.begin + most; ++place) {
        if (place != queries_.place[query]) {
            distances_[query * room_ + found] = distance;
            places_[query * room_ + found++] = place;
        }
    }
}

/// Drops candidates and lowers the query's bound.
void GroupSearch::tighten(const KdTree& tree, std::size_t query) {
    const std::size_t first = query * room_;
    std::size_t& found = queries_.found[query];
    found = drop_farthest(&distances_[first], &places_[first], found, k_, queries_.bound[query]);
    if (found >= limit_) {  // too many are equally far
        order_by_sorting(tree, query);
        queries_.bound[query] = distances_[first + k_ - 1];
    }
}

/// Leaves a query's k nearest, in order.
void GroupSearch::order(const KdTree& tree, std::size_t query) {
    std::size_t& found = queries_.found[query];
    if (found > most_ranked || !order_by_ranks(query)) {
        order_by_sorting(tree, query);
    }
    found = std::min(found, k_);
}

/// Puts the k + 1 nearest in their order. If some are equally far, they share a rank, and that of
/// the next is nobody's: nothing is changed then.
bool GroupSearch::order_by_ranks(std::size_t query) {
    std::uint32_t* places = places_.data() + query * room_;
    const std::size_t found = queries_.found[query];
    count_smaller(distances_.data() + query * room_, found, ranks_.data());
    std::fill(ordered_.begin(), ordered_.end(), Neighbor::none);
    for (std::size_t i = 0; i < found; ++i) {
        ordered_[std::min(static_cast<std::size_t>(ranks_[i]), k_ + 1)] = places[i];
    }
    const auto end = ordered_.begin() + static_cast<std::ptrdiff_t>(std::min(found, k_ + 1));
    if (std::find(ordered_.begin(), end, Neighbor::none) != end) {
        return false;
    }
    std::copy(ordered_.begin(), end, places);
    return true;
}

/// The same for any candidates, by their distances in float64; only k stay.
void GroupSearch::order_by_sorting(const KdTree& tree, std::size_t query) {
    float* distances = distances_.data() + query * room_;
    std::uint32_t* places = places_.data() + query * room_;
    std::size_t& found = queries_.found[query];
    const auto position = tree.position(queries_.place[query]);
    for (std::size_t i = 0; i < found; ++i) {
        const auto other = tree.position(places[i]);
        const double distance = Box{position, position}.distance({other, other});
        sorted_[i] = {{distance, tree.row(places[i])}, places[i]};
    }
    std::sort(sorted_.begin(), sorted_.begin() + static_cast<std::ptrdiff_t>(found));
    found = std::min(found, k_);
    for (std::size_t i = 0; i < found; ++i) {
        distances[i] = static_cast<float>(sorted_[i].first.distance);
        places[i] = sorted_[i].second;
    }
}

}  // namespace distillar::geometry
