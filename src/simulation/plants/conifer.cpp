#include <cmath>

#include "simulation/plants/foliage.hpp"
#include "simulation/plants/plant_kinds.hpp"
#include "simulation/shapes/dice.hpp"

namespace distillar::simulation {
namespace {

struct Bough {
    Eigen::Vector3f foot;
    Eigen::Vector3f along;  ///< unit
    float length = 1;
    float sag = 0.2F;  ///< metres that the tip hangs below a straight bough
    float rise = 0;    ///< 0 the lowest of the tree, 1 its top
};

Eigen::Vector3f point_on(const Bough& bough, float share) {
    Eigen::Vector3f at = bough.foot + share * bough.length * bough.along;
    at.z() -= bough.sag * share * share * (1.35F - 0.5F * share);
    return at;
}

/// A spray of needles: a long narrow leaf that hangs to one side of the bough.
void add_spray(Mesh& mesh, const Bough& bough, float share, base::Random& random) {
    const Eigen::Vector3f sideways = bough.along.cross(Eigen::Vector3f::UnitZ());
    const float side = between(random, -1, 1);
    const float reach = (0.2F + 0.15F * bough.length * (1 - share)) * between(random, 0.6F, 1.2F);
    Leaf leaf;
    leaf.base = point_on(bough, share) + 0.05F * any_direction(random);
    const Eigen::Vector3f way = side * sideways + 0.55F * bough.along +
                                Eigen::Vector3f(0, 0, between(random, -0.75F, 0.05F));
    leaf.along = (reach + 0.12F) * way.normalized();
    leaf.across = (0.09F + 0.22F * reach) *
                  leaf.along.cross(any_direction(random) + Eigen::Vector3f::UnitZ()).normalized();
    leaf.normal = (0.7F * bough.along + 0.5F * side * sideways + Eigen::Vector3f(0, 0, 0.75F) +
                   0.3F * any_direction(random))
                      .normalized();
    leaf.uv = {(0.25F + 0.75F * share) * (0.75F + 0.25F * bough.rise), between(random, 0, 1)};
    add_leaf(mesh, leaf, Material::needles, random.chance(0.4));
}

void add_bough(Mesh& mesh, const Bough& bough, base::Random& random) {
    add_cylinder(mesh, bough.foot, point_on(bough, 0.5F), 0.028F, 0.018F, 3, twig_surface, false);
    add_cylinder(mesh, point_on(bough, 0.5F), point_on(bough, 0.95F), 0.018F, 0.006F, 3,
                 twig_surface, false);
    const int sprays = 14 + static_cast<int>(26 * bough.length);
    for (int i = 0; i < sprays; ++i) {
        const float share = std::pow(between(random, 0.01F, 1.0F), 0.65F);
        add_spray(mesh, bough, share, random);
    }
}

struct Habit {
    float height = 10, clear = 1, width = 4, sag = 0.2F, lift = 0.1F;
};

void add_whorl(Mesh& mesh, const Habit& habit, float rise, base::Random& random) {
    const float length = 0.5F * habit.width * (1 - rise) + 0.15F;
    const int boughs = 6 + static_cast<int>(3 * (1 - rise));
    const float turn = between(random, 0, 6.28F);
    const float top = habit.height - 0.35F;
    for (int i = 0; i < boughs; ++i) {
        const float angle = turn + 6.2832F *
                                       (static_cast<float>(i) + between(random, -0.3F, 0.3F)) /
                                       static_cast<float>(boughs);
        Bough bough;
        bough.rise = rise;
        bough.foot = {0, 0,
                      habit.clear + rise * (top - habit.clear) + between(random, -0.15F, 0.15F)};
        bough.along =
            (level_direction(angle) + Eigen::Vector3f(0, 0, habit.lift + 0.7F * rise * rise))
                .normalized();
        bough.length = length * between(random, 0.8F, 1.15F);
        bough.sag = habit.sag * bough.length;
        add_bough(mesh, bough, random);
    }
}

}  // namespace

Mesh make_conifer(base::Random& random) {
    Habit habit;
    habit.height = between(random, 6.5F, 17.5F);
    habit.clear = between(random, 0.4F, 1.9F);
    habit.width = habit.height * between(random, 0.32F, 0.46F);
    habit.sag = between(random, 0.1F, 0.4F);
    habit.lift = between(random, 0.0F, 0.3F);
    const float radius = 0.014F * habit.height + 0.02F;
    Mesh mesh;
    const Eigen::Vector3f middle(0, 0, 0.6F * habit.height);
    add_cylinder(mesh, {0, 0, 0}, {0, 0, 0.3F}, 1.3F * radius, radius, 10, trunk_surface, false);
    add_cylinder(mesh, {0, 0, 0.3F}, middle, radius, 0.5F * radius, 10, trunk_surface, false);
    add_cylinder(mesh, middle, {0, 0, habit.height - 0.2F}, 0.5F * radius, 0.01F, 5, twig_surface,
                 false);
    const float step = between(random, 0.38F, 0.5F);
    const int whorls = static_cast<int>((habit.height - habit.clear) / step);
    for (int i = 0; i < whorls; ++i) {
        add_whorl(mesh, habit, static_cast<float>(i) / static_cast<float>(whorls - 1), random);
    }
    return mesh;
}

}  // namespace distillar::simulation
