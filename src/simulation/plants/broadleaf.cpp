#include <algorithm>
#include <cmath>

#include "simulation/plants/branches.hpp"
#include "simulation/plants/foliage.hpp"
#include "simulation/plants/plant_kinds.hpp"
#include "simulation/shapes/dice.hpp"

namespace distillar::simulation {
namespace {

using Points = std::vector<Eigen::Vector3f>;

/// A crown that fills a tree of `height` above a clear trunk.
Crown crown_above(float clear, float height, float width, float belly) {
    const float upper = (height - clear) / (1 + belly);
    return {{0, 0, height - upper}, {0.5F * width, 0.5F * width, upper}, belly};
}

void push_aside(Crown& crown, float share, base::Random& random) {
    crown.centre += share * crown.radii.x() * level_direction(between(random, 0, 6.28F));
    crown.radii.y() *= between(random, 0.85F, 1.15F);
}

/// Limbs to all tips, the nearest to the fork first.
Branches limbs_to(const Crown& crown, Points tips, float fork_height, float top_share,
                  base::Random& random) {
    Eigen::Vector3f top = crown.centre;
    top.z() += top_share * crown.radii.z();
    Branches branches = start_trunk(top, fork_height, random);
    const Eigen::Vector3f fork(0, 0, fork_height);
    std::sort(tips.begin(), tips.end(), [&](const auto& left, const auto& right) {
        return (left - fork).squaredNorm() < (right - fork).squaredNorm();
    });
    for (const Eigen::Vector3f& tip : tips) grow_limb(branches, tip, random);
    return branches;
}

void add_leaves(Mesh& mesh, const Crown& crown, const Points& centres, float radius, int leaves,
                float leaf_size, base::Random& random) {
    for (const Eigen::Vector3f& centre : centres) {
        const float scale = between(random, 0.7F, 1.3F);
        const int count = static_cast<int>(static_cast<float>(leaves) * scale * scale);
        add_clump(mesh, crown, {centre, radius * scale, count, leaf_size}, random);
    }
}

/// Thin shoots around a limb's end.
void add_shoots(Mesh& mesh, const Eigen::Vector3f& end, const Eigen::Vector3f& outward, int count,
                base::Random& random) {
    for (int i = 0; i < count; ++i) {
        const Eigen::Vector3f way =
            (outward + 0.9F * any_direction(random) + Eigen::Vector3f(0, 0, 0.35F)).normalized();
        const Eigen::Vector3f middle = end + between(random, 0.2F, 0.5F) * way;
        const Eigen::Vector3f tip = middle + between(random, 0.3F, 0.7F) *
                                                 (way + 0.5F * any_direction(random)).normalized();
        add_cylinder(mesh, end, middle, 0.011F, 0.008F, 3, twig_surface, false);
        add_cylinder(mesh, middle, tip, 0.008F, 0.004F, 3, twig_surface, false);
    }
}

}  // namespace

Mesh make_broadleaf(base::Random& random) {
    const float height = between(random, 6.8F, 12.8F);
    const float clear = std::min(between(random, 1.9F, 3.0F), 0.33F * height);
    const float width = (height - clear) * between(random, 0.75F, 1.15F);
    Crown crown = crown_above(clear, height - 0.5F, width, between(random, 0.5F, 0.9F));
    push_aside(crown, 0.08F, random);
    const float radius = between(random, 0.75F, 1.0F);
    const float area = crown.radii.x() * (crown.radii.x() + crown.radii.z());
    const int clumps = std::clamp(static_cast<int>(3.1F * area / radius), 26, 90);
    const Points tips = spread_points(crown, clumps, 0.45F, 0.9F, random);
    Mesh mesh;
    add_branches(mesh, limbs_to(crown, tips, 0.9F * clear, 0.45F, random),
                 height * between(random, 0.014F, 0.02F));
    const float density = between(random, 0.75F, 1.5F);
    add_leaves(mesh, crown, tips, radius, static_cast<int>(270 * density),
               between(random, 0.125F, 0.16F), random);
    return mesh;
}

Mesh make_columnar(base::Random& random) {
    const float height = between(random, 8.5F, 14.3F);
    const float clear = between(random, 0.8F, 2.0F);
    const float width = height * between(random, 0.17F, 0.3F);
    const Crown crown = crown_above(clear, height - 0.4F, width, between(random, 0.7F, 1.3F));
    const int clumps = static_cast<int>(between(random, 3.4F, 4.0F) * height);
    const Points tips = spread_points(crown, clumps, 0.35F, 0.88F, random);
    Mesh mesh;
    add_branches(mesh, limbs_to(crown, tips, 0.8F * clear, 0.8F, random), 0.013F * height);
    add_leaves(mesh, crown, tips, 0.26F * width, 240, between(random, 0.11F, 0.14F), random);
    return mesh;
}

Mesh make_bare_tree(base::Random& random) {
    const float height = between(random, 6.8F, 13.0F);
    const float clear = std::min(between(random, 1.8F, 2.8F), 0.33F * height);
    const float width = (height - clear) * between(random, 0.7F, 1.1F);
    const Crown crown = crown_above(clear, height - 0.6F, width, 0.6F);
    const Points tips = spread_points(crown, 110, 0.4F, 0.95F, random);
    Mesh mesh;
    const Branches branches = limbs_to(crown, tips, 0.9F * clear, 0.6F, random);
    add_branches(mesh, branches, height * between(random, 0.014F, 0.019F));
    for (const Branches::Node& node : branches.nodes) {
        if (node.position.z() < 1.2F * clear || random.chance(0.25)) continue;
        const Eigen::Vector3f outward = (node.position - crown.centre).normalized();
        add_shoots(mesh, node.position, outward, node.tips > 0 ? 4 : 2, random);
    }
    return mesh;
}

}  // namespace distillar::simulation
