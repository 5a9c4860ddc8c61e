#include "simulation/objects/car_design.hpp"
#include "simulation/objects/two_wheelers.hpp"

namespace distillar::simulation {

using Eigen::Vector3f;

void add_rider(Mesh& mesh, const Figure& figure, const Seat& seat, Category category) {
    const Limbs limbs = limbs_of(figure);
    const float scale = figure.height / 1.75F;
    Skeleton b = upper_body(figure, seat.saddle + Vector3f(0, 0, 0.10F * scale), seat.lean);
    for (std::size_t side = 0; side < 2; ++side) {
        const float sign = side == 0 ? 1.0F : -1.0F;
        b.ankle[side] = seat.foot[side] + Vector3f(-0.07F * scale, 0, limbs.ankle_height);
        b.knee[side] = middle_joint(b.hip[side], b.ankle[side], limbs.thigh, limbs.shin,
                                    Vector3f(1, sign * 0.12F, 0.2F));
        b.hand[side] = Vector3f(seat.grip.x(), sign * seat.grip.y(), seat.grip.z()) +
                       Vector3f(-0.06F * scale, 0, 0.02F);
        b.elbow[side] = middle_joint(b.shoulder[side], b.hand[side], limbs.upper_arm, limbs.forearm,
                                     Vector3f(-0.1F, sign * 0.6F, -0.8F));
        b.foot_pitch[side] = 0.1F;
    }
    add_figure(mesh, figure, b, category);
}

Mesh make_bicyclist(std::uint32_t variant) {
    using Hair = Figure::Hair;
    static const std::array<Figure, 4> riders = {
        {{1.68F, 1.0F, 0.95F, 1, Figure::Dress::trousers, Hair::long_hair, Figure::Bag::none},
         {1.80F, 0.98F, 1.02F, 1, Figure::Dress::shorts, Hair::helmet, Figure::Bag::none},
         {1.78F, 1.05F, 1.04F, 1, Figure::Dress::trousers, Hair::helmet, Figure::Bag::backpack},
         {1.75F, 1.1F, 1.02F, 1, Figure::Dress::trousers, Hair::brief, Figure::Bag::none}}};
    Mesh mesh;
    const Seat seat = add_bicycle(mesh, variant, Category::bicyclist);
    add_rider(mesh, riders[variant], seat, Category::bicyclist);
    return mesh;
}

Mesh make_motorcyclist(std::uint32_t variant) {
    Figure rider;
    rider.height = 1.78F, rider.girth = 1.12F, rider.shoulders = 1.06F;
    rider.hair = Figure::Hair::helmet;
    rider.leather = variant != 2;
    Mesh mesh;
    const Seat seat = add_motorcycle(mesh, variant, Category::motorcyclist);
    add_rider(mesh, rider, seat, Category::motorcyclist);
    return mesh;
}

}  // namespace distillar::simulation
