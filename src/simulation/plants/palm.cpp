#include <cmath>

#include "simulation/plants/foliage.hpp"
#include "simulation/plants/plant_kinds.hpp"
#include "simulation/shapes/dice.hpp"

namespace distillar::simulation {
namespace {

/// A frond: a bowed rib that carries leaflets on both sides.
struct Frond {
    Eigen::Vector3f foot;
    Eigen::Vector3f outward;  ///< level, unit
    float rise = 0.5F;        ///< slope at the foot
    float length = 2.5F;
    float droop = 1;
    float leaflet = 0.5F;  ///< metres
};

Eigen::Vector3f point_on(const Frond& frond, float share) {
    const float away = frond.length * share / std::sqrt(1 + frond.rise * frond.rise);
    const float up = frond.rise * away - frond.droop * share * share * frond.length * 0.5F;
    return frond.foot + away * frond.outward + Eigen::Vector3f(0, 0, up);
}

void add_leaflet(Mesh& mesh, const Frond& frond, float share, float side, base::Random& random) {
    const Eigen::Vector3f sideways = frond.outward.cross(Eigen::Vector3f::UnitZ()) * side;
    const Eigen::Vector3f rib = point_on(frond, share + 0.02F) - point_on(frond, share);
    const float size =
        frond.leaflet * std::sin(3.0F * std::min(1.0F, 0.12F + 0.85F * share)) + 0.08F;
    Leaf leaf;
    leaf.base = point_on(frond, share);
    leaf.along =
        (sideways + 0.7F * rib.normalized() + Eigen::Vector3f(0, 0, between(random, -0.55F, 0.15F)))
            .normalized() *
        size * between(random, 0.8F, 1.1F);
    leaf.across = 0.075F * rib.normalized();
    leaf.normal = (Eigen::Vector3f::UnitZ() + 0.5F * sideways + 0.6F * frond.outward +
                   0.25F * any_direction(random))
                      .normalized();
    leaf.uv = {0.35F + 0.6F * share * (frond.rise > 0 ? 1.0F : 0.5F), between(random, 0, 1)};
    add_leaf(mesh, leaf, Material::leaves, true);
}

void add_frond(Mesh& mesh, const Frond& frond, base::Random& random) {
    const int ribs = 5;
    for (int i = 0; i < ribs; ++i) {
        const float share = static_cast<float>(i) / static_cast<float>(ribs);
        add_cylinder(mesh, point_on(frond, share), point_on(frond, share + 0.2F),
                     0.03F * (1.1F - share), 0.03F * (0.9F - share), 3,
                     {Material::leaves, Category::vegetation, 0}, false);
    }
    const int leaflets = static_cast<int>(frond.length / 0.07F);
    for (int i = 2; i < leaflets; ++i) {
        const float share = static_cast<float>(i) / static_cast<float>(leaflets);
        for (const float side : {-1.0F, 1.0F}) add_leaflet(mesh, frond, share, side, random);
    }
}

/// Rings of old leaf scars: each section a little wider at its upper end.
Eigen::Vector3f add_palm_trunk(Mesh& mesh, float height, float radius, base::Random& random) {
    const Eigen::Vector3f lean =
        level_direction(between(random, 0, 6.28F)) * between(random, 0.0F, 0.06F) * height;
    const int sections = static_cast<int>(height / 0.3F);
    Eigen::Vector3f foot = Eigen::Vector3f::Zero();
    for (int i = 1; i <= sections; ++i) {
        const float share = static_cast<float>(i) / static_cast<float>(sections);
        const Eigen::Vector3f tip = share * share * lean + Eigen::Vector3f(0, 0, share * height);
        const float width = radius * (i < 3 ? 1.3F : 1.05F - 0.2F * share);
        add_cylinder(mesh, foot, tip, 0.93F * width, 1.05F * width, 10, trunk_surface, true);
        foot = tip;
    }
    return foot;
}

}  // namespace

Mesh make_palm(base::Random& random) {
    Mesh mesh;
    const float height = between(random, 4.9F, 8.3F);
    const Eigen::Vector3f top = add_palm_trunk(mesh, height, between(random, 0.14F, 0.24F), random);
    add_ellipsoid(mesh, top, {0.26F, 0.26F, 0.4F}, 8, trunk_surface);
    const int fronds = 22 + static_cast<int>(random.below(10));
    const float length = between(random, 1.9F, 2.7F);
    const float droop = between(random, 0.5F, 0.9F);
    for (int i = 0; i < fronds; ++i) {
        const float share = (static_cast<float>(i) + 0.5F) / static_cast<float>(fronds);
        Frond frond;
        frond.foot = top + Eigen::Vector3f(0, 0, 0.2F);
        frond.outward =
            level_direction(2.4F * static_cast<float>(i) + between(random, -0.2F, 0.2F));
        frond.rise = 2.2F - 2.9F * share;  // the young stand up, the old hang
        frond.length = length * between(random, 0.85F, 1.1F);
        frond.droop = droop * (frond.rise > 0 ? 1.0F : 0.7F);
        frond.leaflet = 0.22F * length;
        add_frond(mesh, frond, random);
    }
    return mesh;
}

}  // namespace distillar::simulation
