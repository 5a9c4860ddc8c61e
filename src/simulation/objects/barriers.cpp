#include <cmath>

#include "simulation/objects/furniture.hpp"
#include "simulation/objects/furniture_parts.hpp"
#include "simulation/shapes/dice.hpp"

namespace distillar::simulation {
namespace {

using Eigen::Vector3f;
using Profile = std::vector<Eigen::Vector2f>;

Surface plastic(Plastic style) {
    return {Material::barrier_plastic, Category::barrier, static_cast<std::uint16_t>(style)};
}

Surface cone_surface(Cone style) {
    return {Material::cone_plastic, Category::traffic_cone, static_cast<std::uint16_t>(style)};
}

/// The outline of a New Jersey block, scaled to a width and height.
Profile jersey(float width, float height) {
    Profile profile;
    const Profile half = {{0.5F, 0}, {0.5F, 0.09F}, {0.29F, 0.36F}, {0.19F, 1}};
    for (const Eigen::Vector2f& at : half) profile.emplace_back(at.x() * width, at.y() * height);
    for (std::size_t i = half.size(); i-- > 0;) {
        profile.emplace_back(-half[i].x() * width, half[i].y() * height);
    }
    return profile;
}

Mesh concrete_block() {
    Mesh mesh;
    add_profile(mesh, jersey(0.6F, 0.82F), {-1.5F, 0, 0}, {1.5F, 0, 0},
                {Material::concrete, Category::barrier, 0}, true);
    return mesh;
}

Mesh plastic_block(base::Random& random) {
    Mesh mesh;
    const float height = between(random, 0.65F, 0.95F);
    const Plastic colour = random.chance(0.5) ? Plastic::red : Plastic::white;
    add_profile(mesh, jersey(0.45F, height), {-0.6F, 0, 0}, {0.6F, 0, 0}, plastic(colour), true);
    return mesh;
}

Mesh striped_board(base::Random& random) {
    Mesh mesh;
    const float width = between(random, 1.2F, 2.0F);
    const Surface foot{Material::rubber, Category::barrier, 0};
    for (const float x : {-0.42F * width, 0.42F * width}) {
        add_box(mesh, {x, 0, 0.06F}, {0.24F, 0.75F, 0.12F}, foot);
        add_box(mesh, {x, 0, 0.55F}, {0.05F, 0.04F, 1.0F}, plastic(Plastic::red));
    }
    add_box(mesh, {0, 0, 0.93F}, {width, 0.05F, 0.24F}, plastic(Plastic::stripes));
    if (random.chance(0.6)) {
        add_box(mesh, {0, 0, 0.38F}, {width, 0.04F, 0.14F}, plastic(Plastic::stripes));
    }
    return mesh;
}

Mesh crowd_barrier() {
    Mesh mesh;
    const Surface steel = metal(Finish::galvanised, Category::barrier);
    const float half = 1.1F;
    add_pipe(mesh, {{-half, 0, 0.15F}, {-half, 0, 1.05F}, {half, 0, 1.05F}, {half, 0, 0.15F}},
             0.02F, 6, steel);
    add_pipe(mesh, {{-half, 0, 0.2F}, {half, 0, 0.2F}}, 0.02F, 6, steel);
    for (int bar = 1; bar < 18; ++bar) {
        const float x = half * (static_cast<float>(bar) / 9 - 1);
        add_cylinder(mesh, {x, 0, 0.2F}, {x, 0, 1.05F}, 0.009F, 0.009F, 5, steel, false);
    }
    for (const float x : {-0.8F, 0.8F}) add_box(mesh, {x, 0, 0.02F}, {0.05F, 0.6F, 0.04F}, steel);
    for (const float x : {-0.8F, 0.8F}) add_box(mesh, {x, 0, 0.11F}, {0.03F, 0.03F, 0.18F}, steel);
    return mesh;
}

}  // namespace

Mesh make_barrier(std::uint32_t variant) {
    base::Random random(0x62617272, 0, variant);
    switch (variant % 4) {
        case 0:
            return concrete_block();
        case 1:
            return plastic_block(random);
        case 2:
            return striped_board(random);
        default:
            return crowd_barrier();
    }
}

Mesh make_cone(std::uint32_t variant) {
    base::Random random(0x636f6e65, 0, variant);
    Mesh mesh;
    const float height = between(random, 0.5F, 0.88F);
    const float foot = 0.19F * height;
    const float tip = 0.035F;
    const float base = 0.55F * height;
    add_box(mesh, {0, 0, 0.02F}, {base, base, 0.04F}, cone_surface(Cone::foot));
    const std::vector<float> cuts = {0.04F, 0.32F, 0.52F, 0.64F, 0.8F, 1.0F};
    for (std::size_t i = 1; i < cuts.size(); ++i) {
        const Cone style = i % 2 == 0 ? Cone::band : Cone::orange;
        add_cylinder(mesh, {0, 0, cuts[i - 1] * height}, {0, 0, cuts[i] * height},
                     foot + (tip - foot) * cuts[i - 1], foot + (tip - foot) * cuts[i], 16,
                     cone_surface(style), i + 1 == cuts.size());
    }
    return mesh;
}

void add_guard_rail(Mesh& mesh, const Vector3f& from, const Vector3f& to, std::uint32_t seed) {
    const float length = (to - from).norm();
    if (length < 0.1F) return;
    base::Random random(0x7261696c, 0, seed);
    const Surface beam{Material::guard_rail, Category::fence, 0};
    const float top = between(random, 0.72F, 0.8F);
    const Profile wave = {{0.1F, top - 0.31F}, {0.17F, top - 0.28F}, {0.17F, top - 0.21F},
                          {0.1F, top - 0.16F}, {0.17F, top - 0.1F},  {0.17F, top - 0.03F},
                          {0.1F, top}};
    const Profile back = {wave.rbegin(), wave.rend()};
    add_profile(mesh, wave, from, to, beam, false);
    add_profile(mesh, back, from, to, beam, false);
    const Vector3f along = (to - from) / length;
    const int posts = 1 + static_cast<int>(length / 2.0F);
    Eigen::Matrix3f turn;
    turn << along, Vector3f::UnitZ().cross(along).normalized(),
        along.cross(Vector3f::UnitZ().cross(along).normalized());
    for (int post = 0; post < posts; ++post) {
        const float share = (static_cast<float>(post) + 0.5F) / static_cast<float>(posts);
        const Vector3f foot = from + share * (to - from);
        add_box(mesh, foot + turn * Vector3f(0, 0.03F, 0.5F * top - 0.02F),
                {0.06F, 0.12F, top - 0.04F}, beam, turn);
    }
}

}  // namespace distillar::simulation
