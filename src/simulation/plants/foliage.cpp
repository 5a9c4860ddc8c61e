#include "simulation/plants/foliage.hpp"

#include <algorithm>

#include "simulation/shapes/dice.hpp"

namespace distillar::simulation {
namespace {

Eigen::Vector3f in_radii(const Crown& crown, const Eigen::Vector3f& at) {
    Eigen::Vector3f away = (at - crown.centre).cwiseQuotient(crown.radii);
    if (away.z() < 0) away.z() /= crown.belly;
    return away;
}

Eigen::Vector3f from_radii(const Crown& crown, const Eigen::Vector3f& away) {
    Eigen::Vector3f scaled = away.cwiseProduct(crown.radii);
    if (scaled.z() < 0) scaled.z() *= crown.belly;
    return crown.centre + scaled;
}

float distance_to(const std::vector<Eigen::Vector3f>& points, const Eigen::Vector3f& at) {
    float nearest = 1e9F;
    for (const Eigen::Vector3f& point : points) {
        nearest = std::min(nearest, (point - at).squaredNorm());
    }
    return nearest;
}

}  // namespace

float shell(const Crown& crown, const Eigen::Vector3f& at) {
    return in_radii(crown, at).norm();
}

float openness(const Crown& crown, const Eigen::Vector3f& at) {
    const Eigen::Vector3f away = in_radii(crown, at);
    const float depth = std::clamp((away.norm() - 0.3F) / 0.65F, 0.0F, 1.0F);
    const float rise = std::clamp(0.65F + 0.45F * away.z(), 0.0F, 1.0F);
    return depth * rise;
}

Eigen::Vector3f point_between(const Crown& crown, float inner, float outer, base::Random& random) {
    const float low = inner * inner * inner;
    const float high = outer * outer * outer;
    return from_radii(crown, any_direction(random) * std::cbrt(between(random, low, high)));
}

std::vector<Eigen::Vector3f> spread_points(const Crown& crown, int count, float inner, float outer,
                                           base::Random& random) {
    std::vector<Eigen::Vector3f> points;
    for (int i = 0; i < count; ++i) {
        Eigen::Vector3f best = point_between(crown, inner, outer, random);
        float best_distance = distance_to(points, best);
        for (int attempt = 0; attempt < 6; ++attempt) {
            const Eigen::Vector3f other = point_between(crown, inner, outer, random);
            const float distance = distance_to(points, other);
            if (distance <= best_distance) continue;
            best = other;
            best_distance = distance;
        }
        points.push_back(best);
    }
    return points;
}

void add_leaf(Mesh& mesh, const Leaf& leaf, Material material, bool folded) {
    const Surface surface{material, Category::vegetation, 0};
    const bool turned = leaf.along.cross(leaf.across).dot(leaf.normal) < 0;
    const Eigen::Vector3f side = turned ? Eigen::Vector3f(-leaf.across) : leaf.across;
    const Eigen::Vector3f middle = leaf.base + 0.45F * leaf.along;
    const auto vertex = [&](const Eigen::Vector3f& at) {
        return mesh.add_vertex({at, leaf.normal, leaf.uv});
    };
    const std::uint32_t tip = vertex(leaf.base + leaf.along);
    if (!folded) {
        const std::uint32_t left = vertex(leaf.base + 0.5F * side);
        const std::uint32_t right = vertex(leaf.base - 0.5F * side);
        mesh.add_triangle(right, tip, left, surface);
        return;
    }
    const Eigen::Vector3f fold = 0.25F * side.norm() * leaf.normal;
    const std::uint32_t foot = vertex(leaf.base);
    const std::uint32_t left = vertex(middle + 0.5F * side + fold);
    const std::uint32_t right = vertex(middle - 0.5F * side + fold);
    mesh.add_triangle(foot, tip, left, surface);
    mesh.add_triangle(foot, right, tip, surface);
}

void add_clump(Mesh& mesh, const Crown& crown, const Clump& clump, base::Random& random) {
    const Eigen::Vector3f outward =
        (clump.centre - crown.centre + Eigen::Vector3f(0, 0, 0.35F * crown.radii.z())).normalized();
    for (int i = 0; i < clump.leaves; ++i) {
        Eigen::Vector3f away = any_direction(random);
        if (away.dot(outward) < between(random, -1.2F, 0.2F)) away = -away;
        const float reach = std::pow(between(random, 0.01F, 1.0F), 0.45F);
        away.z() *= 0.75F;
        Leaf leaf;
        leaf.base = clump.centre + reach * clump.radius * away;
        leaf.normal = (0.75F * away + 0.6F * outward + 0.3F * any_direction(random) +
                       Eigen::Vector3f(0, 0, 0.25F))
                          .normalized();
        const float size = clump.leaf_size * between(random, 0.7F, 1.3F) * (1.55F - 0.8F * reach);
        const Eigen::Vector3f plane = (leaf.normal + 0.8F * any_direction(random)).normalized();
        leaf.along = size * plane.cross(any_direction(random)).normalized();
        leaf.along.z() -= 0.2F * size;
        leaf.across = 0.85F * size * plane.cross(leaf.along).normalized();
        const float within = 0.55F + 0.45F * reach * (0.5F + 0.5F * away.dot(outward));
        leaf.uv = {openness(crown, leaf.base) * within, between(random, 0.0F, 1.0F)};
        add_leaf(mesh, leaf, Material::leaves, i % 4 == 0);
    }
}

}  // namespace distillar::simulation
