#include <algorithm>
#include <cmath>

#include "simulation/plants/foliage.hpp"
#include "simulation/plants/plant_kinds.hpp"
#include "simulation/plants/plants.hpp"
#include "simulation/shapes/dice.hpp"

namespace distillar::simulation {
namespace {

constexpr Surface hedge_surface{Material::hedge, Category::vegetation, 0};
constexpr Surface grass_surface{Material::grass, Category::vegetation, 0};

struct Box {
    Eigen::Vector3f foot;  ///< the middle of one end, on the ground
    Eigen::Vector3f along, across;
    float length = 1, width = 1, height = 1;
};

/// A point on the coat: `way` says which side (-1, 1) or the top (0).
Leaf leaf_on(const Box& box, int way, base::Random& random) {
    const float side = static_cast<float>(way);
    Eigen::Vector3f at = box.foot + between(random, 0, box.length) * box.along;
    Leaf leaf;
    if (way == 0) {
        at += between(random, -0.5F, 0.5F) * box.width * box.across;
        at.z() += box.height;
        leaf.normal = Eigen::Vector3f::UnitZ();
    } else {
        at += 0.5F * side * box.width * box.across;
        at.z() += between(random, 0.05F, 1.0F) * box.height;
        leaf.normal = side * box.across;
    }
    const float rise = std::clamp((at.z() - box.foot.z()) / box.height, 0.0F, 1.0F);
    leaf.base = at + between(random, -0.05F, 0.04F) * leaf.normal;
    leaf.uv = {(0.3F + 0.55F * rise) * between(random, 0.75F, 1.0F), between(random, 0, 1)};
    return leaf;
}

void add_coat(Mesh& mesh, const Box& box, int way, base::Random& random) {
    const float area = box.length * (way == 0 ? box.width : box.height);
    const int leaves = static_cast<int>(60 * area);
    for (int i = 0; i < leaves; ++i) {
        Leaf leaf = leaf_on(box, way, random);
        const Eigen::Vector3f plane = (leaf.normal + 0.8F * any_direction(random)).normalized();
        const float size = between(random, 0.085F, 0.15F);
        leaf.along = size * plane.cross(any_direction(random)).normalized();
        leaf.across = 0.8F * size * plane.cross(leaf.along).normalized();
        leaf.normal = (leaf.normal + 0.35F * any_direction(random)).normalized();
        add_leaf(mesh, leaf, Material::leaves, i % 4 == 0);
    }
}

}  // namespace

void add_hedge(Mesh& mesh, const Eigen::Vector3f& from, const Eigen::Vector3f& to, float height,
               float width, std::uint32_t seed) {
    base::Random random(0x6865646765, 0, seed);
    const Eigen::Vector3f way = to - from;
    Box box{from, way.normalized(), Eigen::Vector3f::Zero(), way.norm(), width, height};
    if (box.length < 0.1F) return;
    box.across = Eigen::Vector3f::UnitZ().cross(box.along).normalized();
    Eigen::Matrix3f turn;
    turn << box.along, box.across, box.along.cross(box.across);
    const Eigen::Vector3f middle = from + 0.5F * way + 0.48F * height * turn.col(2);
    add_box(mesh, middle, {box.length - 0.1F, width - 0.14F, 0.96F * height - 0.04F}, hedge_surface,
            turn);
    for (const int side : {-1, 0, 1}) add_coat(mesh, box, side, random);
    const Eigen::Vector3f across = box.across;
    for (const float end : {0.0F, 1.0F}) {  // the short ends
        const float sign = end > 0.5F ? 1.0F : -1.0F;
        Box cap = box;
        cap.foot = from + end * way - 0.5F * width * across;
        cap.along = across;
        cap.length = width;
        cap.across = sign * box.along;
        cap.width = 0;
        add_coat(mesh, cap, 1, random);
    }
}

void add_grass_tuft(Mesh& mesh, const Eigen::Vector3f& centre, float radius, float height,
                    std::uint32_t seed) {
    base::Random random(0x6772617373, 0, seed);
    const int blades = 14 + static_cast<int>(120 * radius);
    for (int i = 0; i < blades; ++i) {
        const Eigen::Vector3f away = level_direction(between(random, 0, 6.28F));
        const float reach = radius * std::sqrt(between(random, 0, 1));
        const Eigen::Vector3f foot = centre + reach * away;
        const Eigen::Vector3f side = 0.012F * away.cross(Eigen::Vector3f::UnitZ());
        const Eigen::Vector3f tip =
            foot + height * between(random, 0.5F, 1.0F) *
                       (Eigen::Vector3f::UnitZ() + 0.4F * away + 0.3F * any_direction(random));
        const Eigen::Vector3f normal = (Eigen::Vector3f::UnitZ() + 0.5F * away).normalized();
        const std::uint32_t left = mesh.add_vertex({foot - side, normal});
        const std::uint32_t right = mesh.add_vertex({foot + side, normal});
        mesh.add_triangle(left, right, mesh.add_vertex({tip, normal}), grass_surface);
    }
}

Mesh make_bush(base::Random& random) {
    const float height = between(random, 0.75F, 2.2F);
    const float width = height * between(random, 0.9F, 1.5F);
    const Crown crown{{0, 0, 0.45F * height}, {0.5F * width, 0.5F * width, 0.5F * height}, 0.8F};
    const float radius = between(random, 0.26F, 0.34F) * std::sqrt(height);
    const int clumps = 10 + static_cast<int>(8 * width);
    Mesh mesh;
    for (const Eigen::Vector3f& centre : spread_points(crown, clumps, 0.3F, 0.75F, random)) {
        add_cylinder(mesh, {0.15F * centre.x(), 0.15F * centre.y(), 0}, centre, 0.018F, 0.008F, 3,
                     twig_surface, false);
        add_clump(mesh, crown, {centre, radius, 150, between(random, 0.075F, 0.1F)}, random);
    }
    for (Vertex& vertex : mesh.vertices) vertex.position.z() = std::max(0.0F, vertex.position.z());
    return mesh;
}

}  // namespace distillar::simulation
