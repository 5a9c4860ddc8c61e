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
            std::nth_element(begin, begin + node.size() / 2, end,
                             [longest](const Placed& a, const Placed& b) {
                                 return a.xyz[longest] < b.xyz[longest];
                             });
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

void KdTree::place() {
    const std::size_t count = placed_.size();
    rows_.resize(count);
    for (std::size_t axis = 0; axis < 3; ++axis) {
        xyz_[axis].resize(count);
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
    for (std::size_t level = 0; level < levels; ++level) {
        const std::size_t first = (std::size_t{1} << level) - 1;
        base::parallel_for(first + 1, (first + 1) / 16, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                split(first + i, level + 1 == levels);
            }
        });
    }
    leaves_.clear();
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        if (nodes_[i].leaf && nodes_[i].size() > 0) {
            leaves_.push_back(static_cast<std::uint32_t>(i));
        }
    }
    place();
}

void KdTree::search(std::size_t i, const Box& query, Neighbor& best) const {
    const Node& node = nodes_[i];
    if (node.leaf) {
        std::array<double, leaf_size> distance;
        const std::uint32_t count = node.one_place() ? 1 : node.size();  // the lowest row is first
        distances(query.min, node.begin, count, distance.data());
        for (std::uint32_t j = 0; j < count; ++j) {
            best = std::min(best, Neighbor{distance[j], rows_[node.begin + j]});
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

Neighbor KdTree::nearest(const float* query, Neighbor guess) const {
    const std::array<double, 3> position{query[0], query[1], query[2]};
    if (size() > 0) {
        search(0, {position, position}, guess);
    }
    return guess;
}

}  // namespace distillar::geometry
