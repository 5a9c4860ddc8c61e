#include "simulation/objects/figure.hpp"

#include <algorithm>
#include <cmath>

#include "simulation/objects/people_style.hpp"
#include "simulation/shapes/shell.hpp"

namespace distillar::simulation {

using Eigen::Vector3f;

namespace {

/// Sizes below are those of a person of 1.75 m.
float scale_of(const Figure& figure) {
    return figure.height / 1.75F;
}

struct Painter {
    Mesh& mesh;
    const Figure& figure;
    const Skeleton& bones;
    Category category;
    float scale, girth;

    Surface cloth(std::uint16_t style) const {
        return {Material::cloth, category, figure.leather ? std::uint16_t{cloth_leather} : style};
    }
    Surface skin() const { return {Material::skin, category, 0}; }
    Surface of(Material material) const { return {material, category, 0}; }
};

/// A limb of given radii at its ends and its middle.
void add_limb(const Painter& p, const Vector3f& from, const Vector3f& to,
              const std::array<float, 3>& radii, const Surface& surface, int sides = 8) {
    const Vector3f middle = from + 0.4F * (to - from);
    const Vector3f along = (to - from).normalized();
    const Vector3f side = std::abs(along.y()) > 0.8F ? Vector3f::UnitX() : Vector3f::UnitY();
    const auto r = [&](std::size_t i) { return radii[i] * p.scale; };
    add_tube(p.mesh, {{from, r(0), r(0)}, {middle, r(1), r(1)}, {to, r(2), r(2)}}, side, sides,
             surface);
}

void add_trunk(const Painter& p) {
    const Skeleton& b = p.bones;
    const float s = p.scale, wide = s * p.figure.shoulders, g = p.girth;
    const Vector3f waist = b.pelvis + 0.45F * (b.chest - b.pelvis) + Vector3f(0.01F * s, 0, 0);
    const auto above = [&](float share) -> Vector3f {
        return b.chest + share * (b.neck - b.chest);
    };
    add_tube(p.mesh,
             {{b.pelvis - 0.06F * (b.chest - b.pelvis), 0.165F * s * g, 0.118F * s * g},
              {waist, 0.145F * s * g, 0.108F * s * g},
              {b.chest, 0.168F * wide * g, 0.122F * s * g},
              {above(0.38F), 0.186F * wide, 0.110F * s},
              {above(0.60F), 0.176F * wide, 0.092F * s},
              {above(0.76F), 0.130F * wide, 0.076F * s},
              {above(0.90F), 0.078F * wide, 0.064F * s}},
             Vector3f::UnitY(), 14, p.cloth(cloth_upper));
    const Vector3f up =
        (0.5F * (b.chest - b.pelvis).normalized() + 0.5F * Vector3f::UnitZ());  // of the hips
    add_tube(p.mesh,
             {{b.pelvis - 0.08F * s * up, 0.150F * s * g, 0.112F * s * g},
              {b.pelvis, 0.166F * s * g, 0.120F * s * g},
              {b.pelvis + 0.09F * s * up, 0.155F * s * g, 0.112F * s * g}},
             Vector3f::UnitY(), 14, p.cloth(cloth_lower));
}

void add_head(const Painter& p) {
    const Skeleton& b = p.bones;
    const float s = p.scale * p.figure.head;
    add_limb(p, b.neck - Vector3f(0, 0, 0.02F * s), b.head - Vector3f(0, 0, 0.04F * s),
             {0.056F, 0.052F, 0.054F}, p.skin());
    add_ellipsoid(p.mesh, b.head, Vector3f(0.096F, 0.076F, 0.118F) * s, 14, p.skin());
    add_ellipsoid(p.mesh, b.head + Vector3f(0.095F, 0, -0.015F) * s,
                  Vector3f(0.018F, 0.015F, 0.022F) * s, 6, p.skin());
    const auto hair = [&](const Vector3f& offset, const Vector3f& radii, const Surface& surface) {
        add_ellipsoid(p.mesh, b.head + offset * s, radii * s, 14, surface);
    };
    const Surface strands = p.of(Material::hair);
    switch (p.figure.hair) {
        case Figure::Hair::shaved:
            break;
        case Figure::Hair::long_hair:
            hair({-0.045F, 0, -0.07F}, {0.068F, 0.088F, 0.16F}, strands);
            hair({-0.016F, 0, 0.030F}, {0.099F, 0.089F, 0.103F}, strands);
            break;
        case Figure::Hair::bun:
            hair({-0.10F, 0, 0.07F}, {0.045F, 0.045F, 0.045F}, strands);
            hair({-0.018F, 0, 0.028F}, {0.096F, 0.083F, 0.102F}, strands);
            break;
        case Figure::Hair::cap:
            hair({-0.006F, 0, 0.045F}, {0.100F, 0.084F, 0.086F}, p.cloth(cloth_bag));
            hair({0.085F, 0, 0.038F}, {0.075F, 0.065F, 0.012F}, p.cloth(cloth_bag));
            hair({-0.020F, 0, 0.0F}, {0.088F, 0.080F, 0.090F}, strands);
            break;
        case Figure::Hair::helmet:
            if (p.figure.leather) {  // full face
                hair({0.005F, 0, 0.015F}, {0.142F, 0.122F, 0.148F},
                     {Material::cloth, p.category, cloth_helmet});
                hair({0.045F, 0, 0.030F}, {0.108F, 0.105F, 0.055F}, p.of(Material::car_glass));
            } else {
                hair({-0.008F, 0, 0.055F}, {0.130F, 0.100F, 0.092F},
                     {Material::cloth, p.category, cloth_helmet});
                hair({-0.020F, 0, 0.0F}, {0.088F, 0.080F, 0.090F}, strands);
            }
            break;
        default:
            hair({-0.018F, 0, 0.028F}, {0.096F, 0.083F, 0.102F}, strands);
    }
}

void add_arm(const Painter& p, std::size_t side) {
    const Skeleton& b = p.bones;
    const float g = 0.5F + 0.5F * p.girth;
    const bool sleeves = p.figure.dress != Figure::Dress::shorts;
    const Surface sleeve = p.cloth(cloth_upper);
    add_limb(p, b.shoulder[side], b.elbow[side], {0.052F * g, 0.056F * g, 0.046F * g}, sleeve);
    add_limb(
        p, b.elbow[side], b.hand[side],
        {sleeves ? 0.045F * g : 0.040F, sleeves ? 0.044F * g : 0.038F, sleeves ? 0.036F : 0.027F},
        sleeves ? sleeve : p.skin());
    const Vector3f along = (b.hand[side] - b.elbow[side]).normalized();
    add_limb(p, b.hand[side] + 0.02F * p.scale * along, b.hand[side] + 0.11F * p.scale * along,
             {0.030F, 0.040F, 0.022F}, p.figure.leather ? p.cloth(cloth_leather) : p.skin(), 6);
}

void add_leg(const Painter& p, std::size_t side) {
    const Skeleton& b = p.bones;
    const float g = 0.4F + 0.6F * p.girth;
    const bool bare_shin =
        p.figure.dress == Figure::Dress::shorts || p.figure.dress == Figure::Dress::skirt;
    const Surface cloth = p.cloth(cloth_lower);
    add_limb(p, b.hip[side], b.knee[side], {0.088F * g, 0.082F * g, 0.062F * g}, cloth, 10);
    add_limb(p, b.knee[side], b.ankle[side],
             {bare_shin ? 0.052F : 0.061F * g, bare_shin ? 0.056F : 0.058F * g,
              bare_shin ? 0.038F : 0.050F},
             bare_shin ? p.skin() : cloth, 10);
    const float pitch = b.foot_pitch[side];
    const Vector3f toes(std::cos(pitch), 0, -std::sin(pitch));
    const Vector3f sole = Vector3f(-toes.z(), 0, toes.x()) * -0.038F * p.scale;
    const Vector3f heel = b.ankle[side] + sole - 0.05F * p.scale * toes;
    const auto at = [&](float share) -> Vector3f { return heel + share * p.scale * toes; };
    add_tube(p.mesh,
             {{at(0), 0.040F * p.scale, 0.038F * p.scale},
              {at(0.08F), 0.045F * p.scale, 0.042F * p.scale},
              {at(0.15F) - Vector3f(0, 0, 0.004F * p.scale), 0.050F * p.scale, 0.034F * p.scale},
              {at(0.20F) - Vector3f(0, 0, 0.010F * p.scale), 0.044F * p.scale, 0.027F * p.scale}},
             Vector3f::UnitY(), 8, p.cloth(cloth_shoes));
}

/// Skirt or the lower part of a coat: a bell around the legs.
void add_bell(const Painter& p) {
    const Skeleton& b = p.bones;
    const float s = p.scale;
    const bool coat = p.figure.dress == Figure::Dress::coat;
    const Vector3f knees = (b.knee[0] + b.knee[1]) / 2;
    const Vector3f hem = b.pelvis + (coat ? 0.88F : 1.02F) * (knees - b.pelvis);
    const float spread = std::abs(b.knee[0].x() - b.knee[1].x()) / 2;
    const Vector3f top = b.pelvis + Vector3f(0, 0, 0.14F * s);
    add_tube(p.mesh,
             {{top, 0.155F * s * p.girth, 0.118F * s * p.girth},
              {b.pelvis - Vector3f(0, 0, 0.03F * s), 0.180F * s * p.girth, 0.138F * s * p.girth},
              {(hem + b.pelvis) / 2, 0.190F * s, 0.135F * s + 0.4F * spread},
              {hem, (coat ? 0.205F : 0.200F) * s, 0.130F * s + 0.9F * spread},
              {hem + Vector3f(0, 0, 0.005F * s), 0.02F * s, 0.02F * s}},
             Vector3f::UnitY(), 14, p.cloth(coat ? cloth_upper : cloth_lower));
}

void add_bag(const Painter& p) {
    const Skeleton& b = p.bones;
    const float s = p.scale;
    const Surface bag = p.cloth(cloth_bag);
    switch (p.figure.bag) {
        case Figure::Bag::backpack: {
            const Vector3f up = (b.neck - b.pelvis).normalized();
            const Vector3f back = Vector3f::UnitY().cross(up);
            const Vector3f middle = b.chest - 0.20F * s * back;
            const auto at = [&](float share) -> Vector3f { return middle + share * s * up; };
            add_tube(p.mesh,
                     {{at(-0.17F), 0.135F * s, 0.085F * s},
                      {at(-0.05F), 0.150F * s, 0.105F * s},
                      {at(0.10F), 0.145F * s, 0.090F * s},
                      {at(0.17F), 0.115F * s, 0.060F * s}},
                     Vector3f::UnitY(), 12, bag);
            break;
        }
        case Figure::Bag::shoulder:
            add_soft_box(p.mesh, b.pelvis + Vector3f(-0.03F, 0.24F, 0.02F) * s,
                         Vector3f(0.32F, 0.11F, 0.25F) * s, 0.03F * s, bag);
            break;
        case Figure::Bag::hand:
            add_soft_box(p.mesh, b.hand[1] - Vector3f(0, 0, 0.32F * s),
                         Vector3f(0.30F, 0.12F, 0.32F) * s, 0.03F * s, bag);
            break;
        default:
            break;
    }
}

}  // namespace

Limbs limbs_of(const Figure& figure) {
    const float s = scale_of(figure);
    return {0.425F * s, 0.41F * s, 0.29F * s, 0.25F * s, 0.085F * s};
}

Vector3f middle_joint(const Vector3f& root, Vector3f& end, float first, float second,
                      const Vector3f& bend) {
    const Vector3f reach = end - root;
    const float longest = 0.999F * (first + second);
    const float length = std::min(reach.norm(), longest);
    const Vector3f along = reach.normalized();
    end = root + length * along;
    const float near = (length * length + first * first - second * second) / (2 * length);
    const float off = std::sqrt(std::max(0.0F, first * first - near * near));
    return root + near * along + off * (bend - bend.dot(along) * along).normalized();
}

Skeleton upper_body(const Figure& figure, const Vector3f& pelvis, float lean) {
    const float s = scale_of(figure);
    const Vector3f up(std::sin(lean), 0, std::cos(lean));
    const Vector3f head_up(std::sin(0.3F * lean), 0, std::cos(0.3F * lean));
    Skeleton b;
    b.pelvis = pelvis;
    b.chest = pelvis + 0.33F * s * up;
    b.neck = pelvis + 0.545F * s * up;
    b.head =
        b.neck + 0.155F * s * (0.5F + 0.5F * figure.head) * head_up + Vector3f(0.015F * s, 0, 0);
    for (std::size_t side = 0; side < 2; ++side) {
        const float sign = side == 0 ? 1.0F : -1.0F;
        b.shoulder[side] =
            pelvis + 0.450F * s * up + Vector3f(0, sign * 0.178F * s * figure.shoulders, 0);
        b.hip[side] = pelvis + Vector3f(0, sign * 0.088F * s, -0.03F * s);
    }
    return b;
}

void add_figure(Mesh& mesh, const Figure& figure, const Skeleton& skeleton, Category category) {
    const Painter painter{mesh, figure, skeleton, category, scale_of(figure), figure.girth};
    add_trunk(painter);
    add_head(painter);
    for (std::size_t side = 0; side < 2; ++side) {
        add_arm(painter, side);
        add_leg(painter, side);
    }
    if (figure.dress == Figure::Dress::skirt || figure.dress == Figure::Dress::coat) {
        add_bell(painter);
    }
    add_bag(painter);
}

}  // namespace distillar::simulation
