#include "simulation/objects/people.hpp"

#include <cmath>
#include <numbers>

#include "simulation/objects/figure.hpp"

namespace distillar::simulation {

using Eigen::Vector3f;

namespace {

constexpr float pi = std::numbers::pi_v<float>;

using Dress = Figure::Dress;
using Hair = Figure::Hair;
using Bag = Figure::Bag;

const std::vector<Figure>& figures() {
    static const std::vector<Figure> all = {
        {1.79F, 1.05F, 1.05F, 1, Dress::trousers, Hair::brief, Bag::none},
        {1.67F, 1.00F, 0.94F, 1, Dress::trousers, Hair::long_hair, Bag::shoulder},
        {1.83F, 1.12F, 1.08F, 1, Dress::coat, Hair::brief, Bag::none},
        {1.70F, 1.00F, 0.94F, 1, Dress::coat, Hair::long_hair, Bag::hand},
        {1.75F, 1.00F, 1.02F, 1, Dress::trousers, Hair::cap, Bag::backpack},
        {1.64F, 1.02F, 0.93F, 1, Dress::skirt, Hair::bun, Bag::shoulder},
        {1.22F, 0.98F, 0.92F, 1.18F, Dress::trousers, Hair::brief, Bag::backpack},
        {1.73F, 1.28F, 1.05F, 1, Dress::trousers, Hair::shaved, Bag::none},
        {1.88F, 1.02F, 1.06F, 1, Dress::shorts, Hair::brief, Bag::none},
        {1.60F, 1.22F, 0.97F, 1, Dress::coat, Hair::bun, Bag::hand},
        {1.05F, 1.00F, 0.92F, 1.24F, Dress::skirt, Hair::long_hair, Bag::none},
        {1.76F, 1.08F, 1.04F, 1, Dress::trousers, Hair::brief, Bag::backpack},
        {1.69F, 0.97F, 0.93F, 1, Dress::shorts, Hair::long_hair, Bag::none},
        {1.52F, 1.00F, 0.94F, 1.06F, Dress::trousers, Hair::cap, Bag::none}};
    return all;
}

const Figure& figure_of(std::uint32_t variant) {
    return figures()[variant % static_cast<std::uint32_t>(person_variant_count)];
}

/// How far an ankle swings before and behind the hip.
float swing_of(const Figure& figure) {
    return 0.17F * figure.height;
}

void set_leg(Skeleton& b, const Limbs& limbs, std::size_t side, const Vector3f& ankle,
             float pitch) {
    b.ankle[side] = ankle;
    b.knee[side] =
        middle_joint(b.hip[side], b.ankle[side], limbs.thigh, limbs.shin, Vector3f::UnitX());
    b.foot_pitch[side] = pitch;
}

void set_arm(Skeleton& b, const Limbs& limbs, std::size_t side, float angle, float bend) {
    const float sign = side == 0 ? 1.0F : -1.0F;
    const Vector3f upper(std::sin(angle), sign * 0.14F, -std::cos(angle));
    const Vector3f lower(std::sin(angle + bend), sign * 0.04F, -std::cos(angle + bend));
    b.elbow[side] = b.shoulder[side] + limbs.upper_arm * upper.normalized();
    b.hand[side] = b.elbow[side] + limbs.forearm * lower.normalized();
}

Skeleton standing(const Figure& figure, const Limbs& limbs) {
    const float height = 0.985F * (limbs.thigh + limbs.shin) + limbs.ankle_height;
    Skeleton b = upper_body(figure, {0, 0, height + 0.03F * figure.height / 1.75F}, 0.03F);
    for (std::size_t side = 0; side < 2; ++side) {
        const float forward = side == 0 ? 0.03F : -0.02F;
        set_leg(b, limbs, side, {forward, b.hip[side].y() * 1.15F, limbs.ankle_height}, 0);
        set_arm(b, limbs, side, side == 0 ? 0.05F : 0.0F, side == 0 ? 0.35F : 0.2F);
    }
    return b;
}

Skeleton walking(const Figure& figure, const Limbs& limbs, float phase) {
    const float swing = swing_of(figure), leg = 0.995F * (limbs.thigh + limbs.shin);
    const float bounce = std::cos(2 * pi * phase);
    const float reach = swing * std::abs(bounce);
    const float height = std::sqrt(leg * leg - 0.8F * reach * reach) + limbs.ankle_height;
    Skeleton b = upper_body(figure, {0, 0, height + 0.03F * figure.height / 1.75F}, 0.06F);
    for (std::size_t side = 0; side < 2; ++side) {
        const float turn = 2 * pi * (phase + (side == 0 ? 0.0F : 0.5F));
        const float lift = std::max(0.0F, -std::sin(turn));
        const float ahead = std::cos(turn);
        // Heel first in front, on the toes behind.
        const float pitch =
            ahead > 0 ? -0.35F * ahead * ahead * ahead : 0.55F * ahead * ahead * (1 + 0.6F * lift);
        const float raise = limbs.ankle_height + 0.07F * figure.height * lift * lift +
                            (ahead > 0 ? 0.02F : 0.12F) * std::abs(std::sin(pitch));
        set_leg(b, limbs, side, {swing * ahead, b.hip[side].y() * 0.9F, raise}, pitch);
        set_arm(b, limbs, side, -0.42F * ahead + 0.03F, 0.28F - 0.15F * ahead);
    }
    return b;
}

/// Puts the lowest point on the ground.
void ground(Mesh& mesh) {
    const float low = mesh.bounds().min().z();
    for (Vertex& vertex : mesh.vertices) {
        vertex.position.z() -= low;
    }
}

}  // namespace

float step_length(std::uint32_t variant) {
    return 4 * swing_of(figure_of(variant));
}

Mesh make_person(std::uint32_t variant, float stride) {
    const Figure& figure = figure_of(variant);
    const Limbs limbs = limbs_of(figure);
    Mesh mesh;
    add_figure(mesh, figure, stride < 0 ? standing(figure, limbs) : walking(figure, limbs, stride),
               Category::person);
    ground(mesh);
    return mesh;
}

}  // namespace distillar::simulation
