#include "geometry/kd_tree.hpp"

#include <algorithm>

#include "base/thread_pool.hpp"

namespace distillar::geometry {

double squared_distance(const float* a, const float* b) {
    double sum = 0;
    for (int axis = 0; axis < 3; ++axis) {
        const double difference = static_cast<double>(a[axis]) - static_cast<double>(b[axis]);
        sum += difference * difference;
    }
    return sum;
}

namespace {

using Placed = KdTree::Placed;

/// Brings what lies below the pivot to the front, without a branch that depends on a coordinate:
/// every other one would be mispredicted.
Placed* partition(Placed* begin, Placed* end, std::size_t axis, float pivot) {
    Placed* middle = begin;
    for (Placed* point = begin; point != end; ++point) {
        const Placed here = *point;
        *point = *middle;
        *middle = here;
        middle += here.xyz[axis] < pivot ? 1 : 0;
    }
    return middle;
}

float median(float a, float b, float c) {
    return std::max(std::min(a, b), std::min(std::max(a, b), c));
}

/// Of nine points, evenly spread.
float pivot_of(const Placed* begin, const Placed* end, std::size_t axis) {
    const std::ptrdiff_t step = (end - begin) / 9;
    const auto of_three = [&](std::ptrdiff_t i) {
        return median(begin[i * step].xyz[axis], begin[(i + 3) * step].xyz[axis],
                      begin[(i + 6) * step].xyz[axis]);
    };
    return median(of_three(0), of_three(1), of_three(2));
}

/// As std::nth_element, which does the last few, and the rest where pivots do not help.
void halve(Placed* begin, Placed* middle, Placed* end, std::size_t axis) {
    constexpr std::ptrdiff_t few = 12;
    constexpr int most_rounds = 32;
    for (int round = 0; round < most_rounds && end - begin > few; ++round) {
        Placed* const pivot = partition(begin, end, axis, pivot_of(begin, end, axis));
        if (pivot == begin) {
            break;  // it is the smallest
        }
        (pivot <= middle ? begin : end) = pivot;
    }
    std::nth_element(begin, middle, end, [axis](const Placed& a, const Placed& b) {
        return a.xyz[axis] < b.xyz[axis];
    });
}

}  // namespace

/// Box and children of a node whose points are known.
void KdTree::split(std::size_t i, bool last_level) {
    Node& node = nodes_[i];
    node.leaf = true;
    if (node.size() > 0) {
        Placed* const begin = placed_.data() + node.begin;
        Placed* const end = placed_.data() + node.end;
        std::array<float, 3> low = begin->xyz, high = begin->xyz;
        for (const Placed* point = begin; point != end; ++point) {
            for (std::size_t axis = 0; axis < 3; ++axis) {
                low[axis] = std::min(low[axis], point->xyz[axis]);
                high[axis] = std::max(high[axis], point->xyz[axis]);
            }
        }
        std::size_t longest = 0;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            node.box.min[axis] = low[axis];
            node.box.max[axis] = high[axis];
            longest = node.box.max[axis] - node.box.min[axis] >
                              node.box.max[longest] - node.box.min[longest]
                          ? axis
                          : longest;
        }
        node.leaf = last_level || node.one_place();
        if (node.leaf) {
            std::sort(begin, end, [](const Placed& a, const Placed& b) { return a.row < b.row; });
        } else {
            halve(begin, begin + node.size() / 2, end, longest);
        }
    }
    if (!last_level) {
        const std::uint32_t middle = node.leaf ? node.end : node.begin + node.size() / 2;
        const std::uint32_t begin = node.leaf ? node.end : node.begin;
        const std::uint32_t end = node.end;
        nodes_[2 * i + 1].begin = begin;
        nodes_[2 * i + 1].end = middle;
        nodes_[2 * i + 2].begin = middle;
        nodes_[2 * i + 2].end = end;
    }
}

/// The nodes `begin` to `end` of a level.
void KdTree::split(std::size_t level, std::size_t begin, std::size_t end, std::size_t levels) {
    const std::size_t first = (std::size_t{1} << level) - 1;
    for (std::size_t i = begin; i < end; ++i) {
        split(first + i, level + 1 == levels);
    }
}

void KdTree::place() {
    const std::size_t count = placed_.size();
    rows_.resize(count);
    for (std::size_t axis = 0; axis < 3; ++axis) {
        xyz_[axis].resize(count + leaf_slack);
    }
    for (std::size_t i = 0; i < count; ++i) {
        rows_[i] = placed_[i].row;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            xyz_[axis][i] = placed_[i].xyz[axis];
        }
    }
}

void KdTree::build(const PointsView& points) {
    const auto count = static_cast<std::uint32_t>(points.rows());
    placed_.resize(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        const float* p = points.data() + 3 * std::size_t{i};
        placed_[i] = {{p[0], p[1], p[2]}, i};
    }
    std::size_t levels = 1;
    for (std::uint32_t largest = count; largest > leaf_size; largest -= largest / 2) {
        ++levels;
    }
    nodes_.resize((std::size_t{1} << levels) - 1);
    nodes_[0].begin = 0;
    nodes_[0].end = count;
    // The threads share the nodes of each upper level; below, each takes whole branches.
    const std::size_t upper = std::min<std::size_t>(levels, 4);
    for (std::size_t level = 0; level < upper; ++level) {
        const std::size_t nodes = std::size_t{1} << level;
        base::parallel_for(nodes, 1, [&](std::size_t begin, std::size_t end) {
            split(level, begin, end, levels);
        });
    }
    base::parallel_for(std::size_t{1} << upper, 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t level = upper; level < levels; ++level) {
            split(level, begin << (level - upper), end << (level - upper), levels);
        }
    });
    leaves_.clear();
    leaf_of_.resize(count);
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        if (nodes_[i].leaf && nodes_[i].size() > 0) {
            leaves_.push_back(static_cast<std::uint32_t>(i));
            for (std::uint32_t place = nodes_[i].begin; place < nodes_[i].end; ++place) {
                leaf_of_[placed_[place].row] = static_cast<std::uint32_t>(i);
            }
        }
    }
    place();
}

void KdTree::search(std::size_t i, const Box& query, Neighbor& best) const {
    const Node& node = nodes_[i];
    if (node.leaf) {
        LeafPoints leaf = points(node);
        leaf.count = node.one_place() ? 1 : leaf.count;  // the lowest row is first
        double distance = best.distance;
        const std::size_t nearest = nearest_of(leaf, query.min.data(), distance);
        if (nearest < leaf.count) {
            best = std::min(best, Neighbor{distance, rows_[leaf.place + nearest]});
        }
        return;
    }
    const std::size_t left = 2 * i + 1;
    const std::array<double, 2> distance{query.distance(nodes_[left].box),
                                         query.distance(nodes_[left + 1].box)};
    const std::size_t first = distance[0] <= distance[1] ? 0 : 1;
    for (const std::size_t child : {first, 1 - first}) {
        if (distance[child] <= best.distance) {
            search(left + child, query, best);
        }
    }
}

/// Searches the node, and whatever else of the tree is near enough.
void KdTree::climb(std::size_t i, const Box& query, Neighbor& best) const {
    search(i, query, best);
    for (; i > 0; i = (i - 1) / 2) {
        const std::size_t sibling = i % 2 == 1 ? i + 1 : i - 1;
        if (query.distance(nodes_[sibling].box) <= best.distance) {
            search(sibling, query, best);
        }
    }
}

Neighbor KdTree::nearest(const float* query, Neighbor guess) const {
    const std::array<double, 3> position{query[0], query[1], query[2]};
    if (size() > 0) {
        const std::size_t start = guess.row == Neighbor::none ? 0 : leaf_of_[guess.row];
        climb(start, {position, position}, guess);
    }
    return guess;
}

}  // namespace distillar::geometry
