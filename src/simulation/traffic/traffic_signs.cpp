#include <algorithm>

#include "simulation/objects/furniture.hpp"
#include "simulation/objects/furniture_parts.hpp"
#include "simulation/shapes/dice.hpp"

namespace distillar::simulation {
namespace {

Outline outline_of(Sign sign, float size) {
    constexpr float pi = std::numbers::pi_v<float>;
    switch (sign) {
        case Sign::stop:
            return round_outline(0.5F * size, 8, pi / 8);
        case Sign::yield:
            return round_outline(0.6F * size, 3, -pi / 2);
        case Sign::warning:
            return round_outline(0.6F * size, 3, pi / 2);
        case Sign::speed_limit:
        case Sign::no_entry:
        case Sign::turn:
        case Sign::no_parking:
            return round_outline(0.5F * size, 24);
        case Sign::priority:
        case Sign::works:
            return round_outline(0.62F * size, 4, 0);
        case Sign::parking:
            return rectangle(0.75F * size, size);
        case Sign::direction:
        case Sign::direction_blue:
            return rectangle(2.4F * size, 1.1F * size);
        case Sign::plate:
            return rectangle(0.9F * size, 0.5F * size);
        case Sign::crossing:
            break;
    }
    return rectangle(size, size);
}

float half_height(const Outline& outline) {
    Eigen::AlignedBox2f box;
    for (const Eigen::Vector2f& corner : outline) box.extend(corner);
    return 0.5F * box.sizes().y();
}

void add_sign(Mesh& mesh, Sign sign, const Outline& outline, float z) {
    const auto style = static_cast<std::uint16_t>(sign);
    add_plate(mesh, outline, {-0.07F, 0, z}, {Material::sign_face, Category::traffic_sign, style});
    add_plate_back(mesh, outline, {-0.055F, 0, z},
                   {Material::sign_back, Category::traffic_sign, style});
}

/// A round sign hangs by its circle's middle, a triangle by its box's.
float middle_shift(const Outline& outline) {
    Eigen::AlignedBox2f box;
    for (const Eigen::Vector2f& corner : outline) box.extend(corner);
    return box.center().y();
}

Mesh on_one_post(Sign sign, float size, base::Random& random) {
    const Outline outline = outline_of(sign, size);
    const float half = half_height(outline);
    const float low = between(random, 1.95F, 2.35F);
    const float top = low + 2 * half;
    Mesh mesh;
    add_post(mesh, {0, 0}, top + between(random, -0.05F, 0.12F), 0.033F, 0.033F,
             metal(Finish::galvanised));
    add_sign(mesh, sign, outline, low + half - middle_shift(outline));
    if (!random.chance(0.35)) return mesh;
    const Outline below = outline_of(Sign::plate, 0.85F * size);
    add_sign(mesh, Sign::plate, below, low - 0.04F - half_height(below));
    return mesh;
}

Mesh on_two_posts(Sign sign, float size, base::Random& random) {
    const Outline outline = outline_of(sign, size);
    const float half = half_height(outline);
    const float low = between(random, 1.8F, 2.3F);
    Mesh mesh;
    for (const float y : {-0.75F, 0.75F}) {
        add_post(mesh, {0, y * size}, low + 2 * half, 0.05F, 0.05F, metal(Finish::galvanised));
    }
    add_sign(mesh, sign, outline, low + half);
    return mesh;
}

}  // namespace

Mesh make_traffic_sign(std::uint32_t variant) {
    base::Random random(0x7369676e, 0, variant);
    const Sign sign = static_cast<Sign>(variant % static_cast<std::uint32_t>(sign_count));
    const float size = between(random, 0.6F, 0.8F);
    if (sign == Sign::direction || sign == Sign::direction_blue) {
        return on_two_posts(sign, 1.3F * size, random);
    }
    return on_one_post(sign, size, random);
}

}  // namespace distillar::simulation
