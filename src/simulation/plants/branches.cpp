#include "simulation/plants/branches.hpp"

#include <algorithm>
#include <cmath>

#include "simulation/plants/plant_kinds.hpp"
#include "simulation/shapes/dice.hpp"

namespace distillar::simulation {
namespace {

/// Wood and way; limbs rise, so a node above its tip is worth less than one below.
float cost_of(const Branches::Node& node, const Eigen::Vector3f& tip) {
    const Eigen::Vector3f way = tip - node.position;
    const float level = way.head<2>().norm();
    return way.norm() + 0.45F * node.path + 1.2F * std::max(0.0F, 0.4F * level - way.z());
}

int best_node(const Branches& branches, const Eigen::Vector3f& tip) {
    int best = static_cast<int>(branches.nodes.size()) - 1;
    float best_cost = 1e9F;
    for (std::size_t i = 0; i < branches.nodes.size(); ++i) {
        if (branches.nodes[i].position.z() < branches.fork_height) continue;
        const float cost = cost_of(branches.nodes[i], tip);
        if (cost >= best_cost) continue;
        best = static_cast<int>(i);
        best_cost = cost;
    }
    return best;
}

std::vector<float> radii_of(const Branches& branches, float foot_radius) {
    std::vector<float> tips(branches.nodes.size(), 0.0F);
    for (std::size_t i = branches.nodes.size(); i-- > 0;) {
        tips[i] += branches.nodes[i].tips;
        const int parent = branches.nodes[i].parent;
        if (parent >= 0) tips[static_cast<std::size_t>(parent)] += tips[i];
    }
    std::vector<float> radii;
    for (std::size_t i = 0; i < tips.size(); ++i) {
        const float low = 1 - branches.nodes[i].position.z() / branches.fork_height;
        const float swell = 1 + 0.2F * std::max(0.0F, low);
        radii.push_back(swell * std::max(0.008F, foot_radius * std::pow(tips[i] / tips[0], 0.47F)));
    }
    return radii;
}

void add_tube(Mesh& mesh, const Eigen::Vector3f& foot, const Eigen::Vector3f& tip,
              float foot_radius, float tip_radius) {
    const Surface& surface = foot_radius > 0.05F ? trunk_surface : twig_surface;
    const int sides = foot_radius > 0.1F ? 10 : foot_radius > 0.03F ? 6 : 3;
    const Eigen::Vector3f overlap = 0.25F * tip_radius * (tip - foot).normalized();
    add_cylinder(mesh, foot, tip + overlap, foot_radius, tip_radius, sides, surface, false);
}

}  // namespace

Branches start_trunk(const Eigen::Vector3f& top, float fork_height, base::Random& random) {
    Branches branches;
    branches.fork_height = fork_height;
    const int steps = std::max(4, static_cast<int>(top.z() / 0.7F));
    const float lean = between(random, 0, 6.28F);
    const float bow = between(random, 0.0F, 0.03F) * top.z();
    for (int i = 0; i <= steps; ++i) {
        const float share = static_cast<float>(i) / static_cast<float>(steps);
        Eigen::Vector3f at = share * top + bow * std::sin(3.1F * share) * level_direction(lean);
        if (i > 1) at += 0.05F * any_direction(random);
        at.z() = share * top.z();
        branches.nodes.push_back({at, i - 1, 0, at.z()});
    }
    branches.nodes.back().tips = 1;
    return branches;
}

void grow_limb(Branches& branches, const Eigen::Vector3f& tip, base::Random& random) {
    int parent = best_node(branches, tip);
    const Branches::Node from = branches.nodes[static_cast<std::size_t>(parent)];
    const Eigen::Vector3f start = from.position;
    const Eigen::Vector3f before =
        branches.nodes[static_cast<std::size_t>(std::max(0, from.parent))].position;
    const float length = (tip - start).norm();
    const Eigen::Vector3f bend =
        start + length * (0.22F * (start - before).normalized() + 0.3F * (tip - start) / length +
                          0.07F * any_direction(random));
    const int steps = std::max(2, static_cast<int>(length / 0.45F));
    for (int i = 1; i <= steps; ++i) {
        const float share = static_cast<float>(i) / static_cast<float>(steps);
        const float rest = 1 - share;
        Eigen::Vector3f at = rest * rest * start + 2 * rest * share * bend + share * share * tip;
        if (i < steps) at += 0.025F * any_direction(random);
        branches.nodes.push_back(
            {at, parent, i == steps ? 1.0F : 0.0F, from.path + share * length});
        parent = static_cast<int>(branches.nodes.size()) - 1;
    }
}

void add_branches(Mesh& mesh, const Branches& branches, float foot_radius) {
    const std::vector<float> radii = radii_of(branches, foot_radius);
    for (std::size_t i = 1; i < branches.nodes.size(); ++i) {
        const auto parent = static_cast<std::size_t>(branches.nodes[i].parent);
        const float tip_radius = radii[i];
        const bool on_trunk = branches.nodes[i].parent + 1 == static_cast<int>(i);
        float radius = on_trunk ? radii[parent] : std::min(radii[parent], 1.15F * tip_radius);
        if (parent == 0) radius *= 1.35F;  // the roots' flare
        add_tube(mesh, branches.nodes[parent].position, branches.nodes[i].position, radius,
                 tip_radius);
    }
}

}  // namespace distillar::simulation
