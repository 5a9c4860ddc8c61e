#include <cmath>

#include "simulation/objects/furniture.hpp"
#include "simulation/objects/furniture_parts.hpp"
#include "simulation/shapes/dice.hpp"

namespace distillar::simulation {
namespace {

using Eigen::Vector3f;

/// A flat lamp at the end of an arm; its glass looks down.
void add_lamp(Mesh& mesh, const Vector3f& at, float side) {
    const Vector3f centre = at + Vector3f(0, 0.28F * side, 0.02F);
    add_box(mesh, centre, {0.28F, 0.62F, 0.09F}, metal(Finish::light_grey));
    add_box(mesh, centre - Vector3f(0, 0, 0.055F), {0.22F, 0.5F, 0.03F}, metal(Finish::lamp_glass));
}

/// An arm that leaves the pole upwards and bends to the side (+1 left, -1 right).
void add_arm(Mesh& mesh, float height, float reach, float rise, float side,
             const Surface& surface) {
    std::vector<Vector3f> points;
    const int steps = 6;
    for (int i = 0; i <= steps; ++i) {
        const float angle = 1.5F * static_cast<float>(i) / static_cast<float>(steps);
        points.emplace_back(0, side * reach * (1 - std::cos(angle)),
                            height + rise * std::sin(angle));
    }
    add_pipe(mesh, points, 0.035F, 6, surface);
    add_lamp(mesh, points.back(), side);
}

void add_lantern(Mesh& mesh, float height, const Surface& surface) {
    const Vector3f foot(0, 0, height);
    add_cylinder(mesh, foot, foot + Vector3f(0, 0, 0.12F), 0.06F, 0.16F, 8, surface);
    add_cylinder(mesh, foot + Vector3f(0, 0, 0.12F), foot + Vector3f(0, 0, 0.5F), 0.14F, 0.21F, 8,
                 metal(Finish::lamp_glass));
    add_cylinder(mesh, foot + Vector3f(0, 0, 0.5F), foot + Vector3f(0, 0, 0.68F), 0.27F, 0.04F, 8,
                 surface);
}

Mesh lantern_light(base::Random& random, const Surface& surface) {
    Mesh mesh;
    const float height = between(random, 3.4F, 4.4F);
    add_post(mesh, {0, 0}, 0.8F, 0.11F, 0.09F, surface);
    add_post(mesh, {0, 0}, height, 0.06F, 0.045F, surface);
    add_lantern(mesh, height, surface);
    return mesh;
}

Mesh armed_light(base::Random& random, const Surface& surface, bool both) {
    Mesh mesh;
    const float height = between(random, 6.5F, 9.2F);
    const float reach = between(random, 0.9F, 1.9F);
    const float rise = between(random, 0.25F, 0.8F);
    add_post(mesh, {0, 0}, 1.1F, 0.1F, 0.1F, surface);
    add_post(mesh, {0, 0}, height, 0.085F, 0.045F, surface);
    add_arm(mesh, height - 0.1F, reach, rise, 1, surface);
    if (both) add_arm(mesh, height - 0.1F, reach, rise, -1, surface);
    return mesh;
}

/// The lamp sits on the pole itself.
Mesh straight_light(base::Random& random, const Surface& surface) {
    Mesh mesh;
    const float height = between(random, 4.8F, 7.0F);
    add_post(mesh, {0, 0}, height, 0.07F, 0.04F, surface);
    add_lamp(mesh, {0, 0.02F, height}, 1);
    return mesh;
}

Mesh utility_pole(base::Random& random) {
    const Surface timber = metal(Finish::timber);
    const Surface iron = metal(Finish::galvanised);
    Mesh mesh;
    const float height = between(random, 8.0F, 10.5F);
    add_post(mesh, {0, 0}, height, 0.15F, 0.1F, timber);
    const int arms = 1 + static_cast<int>(random.below(2));
    for (int arm = 0; arm < arms; ++arm) {
        const float z = height - 0.35F - 0.9F * static_cast<float>(arm);
        add_box(mesh, {0.13F, 0, z}, {0.1F, 2.2F, 0.12F}, timber);
        for (const float y : {-0.95F, -0.45F, 0.45F, 0.95F}) {
            add_cylinder(mesh, {0.13F, y, z + 0.06F}, {0.13F, y, z + 0.2F}, 0.035F, 0.03F, 6, iron);
        }
    }
    if (random.chance(0.5)) {  // a transformer
        const float z = height - 2.4F;
        add_cylinder(mesh, {-0.38F, 0, z}, {-0.38F, 0, z + 0.9F}, 0.24F, 0.24F, 12,
                     metal(Finish::light_grey));
    }
    return mesh;
}

}  // namespace

Mesh make_street_light(std::uint32_t variant) {
    base::Random random(0x6c69676874, 0, variant);
    const Surface surface = metal(Finish::by_paint);
    switch (variant % 4) {
        case 0:
            return armed_light(random, surface, false);
        case 1:
            return straight_light(random, surface);
        case 2:
            return armed_light(random, surface, true);
        default:
            return lantern_light(
                random, metal(random.chance(0.5) ? Finish::anthracite : Finish::dark_green));
    }
}

Mesh make_pole(std::uint32_t variant) {
    base::Random random(0x706f6c65, 0, variant);
    Mesh mesh;
    switch (variant % 4) {
        case 0:
            add_post(mesh, {0, 0}, between(random, 2.5F, 5.0F), 0.05F, 0.05F,
                     metal(Finish::by_paint));
            break;
        case 1:
            return utility_pole(random);
        case 2:
            add_post(mesh, {0, 0}, between(random, 6.0F, 8.0F), 0.06F, 0.03F, metal(Finish::white));
            break;
        default:
            add_post(mesh, {0, 0}, between(random, 4.0F, 6.0F), 0.07F, 0.06F,
                     metal(Finish::galvanised));
            add_box(mesh, {0, -0.2F, 1.3F}, {0.35F, 0.25F, 0.5F}, metal(Finish::light_grey));
    }
    return mesh;
}

}  // namespace distillar::simulation
