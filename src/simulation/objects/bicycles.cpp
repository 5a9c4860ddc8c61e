#include <cmath>
#include <numbers>

#include "simulation/objects/car_design.hpp"
#include "simulation/objects/two_wheelers.hpp"
#include "simulation/shapes/shell.hpp"

namespace distillar::simulation {

using Eigen::Vector3f;

namespace {

struct BicycleDesign {
    float wheel = 0.345F, tyre = 0.020F;
    float base = 1.08F;    ///< between the axles
    float saddle = 0.95F;  ///< z
    float bar_x = 0.30F, bar_z = 1.08F, bar_half = 0.29F;
    bool step_through = true, guards = true, rack = true, basket = false, drop_bar = false;
};

const std::array<BicycleDesign, 4>& bicycle_designs() {
    static const std::array<BicycleDesign, 4> all = [] {
        const BicycleDesign city;
        BicycleDesign racer = city;
        racer.tyre = 0.014F, racer.base = 1.0F, racer.saddle = 1.0F, racer.bar_x = 0.42F;
        racer.bar_z = 0.96F, racer.bar_half = 0.21F, racer.drop_bar = true;
        racer.step_through = racer.guards = racer.rack = false;
        BicycleDesign mountain = city;
        mountain.tyre = 0.030F, mountain.base = 1.12F, mountain.bar_x = 0.36F;
        mountain.bar_z = 1.04F, mountain.bar_half = 0.36F;
        mountain.step_through = mountain.guards = mountain.rack = false;
        BicycleDesign basket = city;
        basket.basket = true, basket.step_through = false;
        return std::array{city, racer, mountain, basket};
    }();
    return all;
}

/// Draws tubes in the plane of the wheels.
struct Frame {
    Mesh& mesh;
    Category category;

    Surface paint() const { return {Material::car_paint, category, plain_paint}; }
    Surface dark() const { return {Material::dark_plastic, category, 0}; }
    Surface metal() const { return {Material::chrome, category, 0}; }
    void tube(const Vector3f& a, const Vector3f& b, float radius, const Surface& surface) const {
        add_cylinder(mesh, a, b, radius, radius, 7, surface);
    }
    void pair(const Vector3f& a, const Vector3f& b, float spread_a, float spread_b, float radius,
              const Surface& surface) const {
        for (const float side : {-1.0F, 1.0F}) {
            tube(a + Vector3f(0, side * spread_a, 0), b + Vector3f(0, side * spread_b, 0), radius,
                 surface);
        }
    }
};

void add_guard(const Frame& frame, const Vector3f& hub, float radius, float from, float to) {
    const int parts = 7;
    for (int i = 0; i < parts; ++i) {
        const auto at = [&](int part) -> Vector3f {
            const float angle = from + (to - from) * static_cast<float>(part) / parts;
            return hub + radius * Vector3f(std::cos(angle), 0, std::sin(angle));
        };
        const Vector3f middle = (at(i) + at(i + 1)) / 2, along = at(i + 1) - at(i);
        const Eigen::Matrix3f turn =
            Eigen::AngleAxisf(-std::atan2(along.z(), along.x()), Vector3f::UnitY())
                .toRotationMatrix();
        add_box(frame.mesh, middle, {along.norm() + 0.01F, 0.055F, 0.008F}, frame.dark(), turn);
    }
}

void add_handlebar(const Frame& frame, const BicycleDesign& d) {
    const Vector3f stem(d.bar_x + 0.03F, 0, d.bar_z);
    if (d.drop_bar) {
        frame.pair(stem, stem + Vector3f(0.09F, 0, 0), d.bar_half - 0.02F, d.bar_half, 0.014F,
                   frame.dark());
        frame.pair(stem + Vector3f(0.09F, 0, 0), stem + Vector3f(0, 0, -0.13F), d.bar_half,
                   d.bar_half, 0.014F, frame.dark());
        frame.tube(stem - Vector3f(0, d.bar_half, 0), stem + Vector3f(0, d.bar_half, 0), 0.014F,
                   frame.dark());
        return;
    }
    const float sweep = d.step_through || d.basket ? -0.16F : -0.04F;
    frame.pair(stem, stem + Vector3f(sweep, 0, 0.02F), 0, d.bar_half, 0.013F, frame.metal());
    frame.pair(stem + Vector3f(sweep, 0, 0.02F), stem + Vector3f(sweep * 1.6F, 0, 0.02F),
               d.bar_half, d.bar_half + (sweep < -0.1F ? 0.0F : 0.06F), 0.019F, frame.dark());
}

void add_drive(const Frame& frame, const Vector3f& crank, const Vector3f& rear) {
    const Vector3f arm(0.12F, 0, -0.12F);
    for (const float side : {-1.0F, 1.0F}) {
        const Vector3f out(0, side * 0.07F, 0);
        frame.tube(crank + out, crank + out + side * arm, 0.012F, frame.metal());
        add_box(frame.mesh, crank + 1.7F * out + side * arm, {0.09F, 0.09F, 0.02F}, frame.dark());
    }
    const Vector3f chain(0, -0.045F, 0);
    frame.tube(crank + chain, crank + 1.25F * chain, 0.095F, frame.metal());
    frame.tube(crank + chain + Vector3f(0, 0, 0.09F), rear + chain + Vector3f(0, 0, 0.035F), 0.006F,
               frame.dark());
    frame.tube(crank + chain - Vector3f(0, 0, 0.09F), rear + chain - Vector3f(0, 0, 0.035F), 0.006F,
               frame.dark());
}

void add_luggage(const Frame& frame, const BicycleDesign& d, const Vector3f& rear) {
    if (d.rack) {
        const float z = 2 * d.wheel + 0.07F;
        add_box(frame.mesh, {rear.x() - 0.02F, 0, z}, {0.42F, 0.13F, 0.016F}, frame.dark());
        frame.pair({rear.x(), 0, d.wheel}, {rear.x() - 0.08F, 0, z}, 0.07F, 0.06F, 0.007F,
                   frame.dark());
        add_box(frame.mesh, {rear.x() - 0.25F, 0, z - 0.05F}, {0.03F, 0.07F, 0.05F},
                {Material::tail_light, frame.category, 0});
        add_box(frame.mesh, {d.base / 2 - 0.12F, 0, 0.86F}, {0.05F, 0.06F, 0.06F},
                {Material::head_light, frame.category, 0});
    }
    if (d.basket) {
        const Vector3f middle(d.bar_x + 0.22F, 0, d.bar_z - 0.12F);
        add_box(frame.mesh, middle - Vector3f(0, 0, 0.11F), {0.26F, 0.34F, 0.02F}, frame.dark());
        for (const float side : {-1.0F, 1.0F}) {
            add_box(frame.mesh, middle + Vector3f(0, side * 0.17F, 0), {0.28F, 0.015F, 0.22F},
                    frame.dark());
            add_box(frame.mesh, middle + Vector3f(side * 0.14F, 0, 0), {0.015F, 0.34F, 0.22F},
                    frame.dark());
        }
    }
}

}  // namespace

void add_thin_wheel(Mesh& mesh, const Vector3f& centre, float radius, float tyre, int spokes,
                    Category category) {
    const Surface rubber{Material::rubber, category, 0}, metal{Material::chrome, category, 0};
    const float middle = radius - tyre, rim = middle - 0.9F * tyre;
    const float deep = rim - std::max(0.010F, 0.3F * tyre);
    add_lathe(
        mesh, centre,
        {{deep, -0.5F * tyre},
         {rim, -0.8F * tyre},
         {middle, -tyre},
         {radius - 0.3F * tyre, -0.7F * tyre},
         {radius, 0},
         {radius - 0.3F * tyre, 0.7F * tyre},
         {middle, tyre},
         {rim, 0.8F * tyre},
         {deep, 0.5F * tyre},
         {deep, -0.5F * tyre}},
        24, [&](int band) { return band >= 1 && band < 7 ? rubber : metal; }, 60);
    add_cylinder(mesh, centre - Vector3f(0, 0.045F, 0), centre + Vector3f(0, 0.045F, 0), 0.025F,
                 0.025F, 8, metal);
    for (int i = 0; i < spokes; ++i) {
        const float angle =
            2 * std::numbers::pi_v<float> * static_cast<float>(i) / static_cast<float>(spokes);
        const Vector3f out(std::sin(angle), 0, std::cos(angle));
        add_cylinder(mesh, centre + Vector3f(0, i % 2 == 0 ? 0.03F : -0.03F, 0), centre + rim * out,
                     0.0022F, 0.0022F, 3, metal, false);
    }
}

Seat add_bicycle(Mesh& mesh, std::uint32_t variant, Category category) {
    const BicycleDesign& d = bicycle_designs()[variant];
    const Frame frame{mesh, category};
    const Vector3f rear(-d.base / 2, 0, d.wheel), front(d.base / 2, 0, d.wheel);
    const Vector3f crank(-0.10F, 0, 0.285F), seat_top(-0.26F, 0, d.saddle - 0.05F);
    const Vector3f seat_joint = crank + 0.78F * (seat_top - crank);
    const Vector3f head_top(d.bar_x + 0.0F, 0, 0.90F), head_low(d.bar_x + 0.05F, 0, 0.74F);
    for (const Vector3f& hub : {rear, front}) {
        add_thin_wheel(mesh, hub, d.wheel, d.tyre, 16, category);
    }
    frame.tube(crank, seat_joint, 0.017F, frame.paint());
    frame.tube(seat_joint, seat_top, 0.014F, frame.metal());
    frame.tube(crank, head_low, 0.021F, frame.paint());
    const Vector3f upper_end =
        d.step_through ? Vector3f(crank + 0.35F * (seat_top - crank)) : seat_joint;
    frame.tube(upper_end, d.step_through ? head_low + Vector3f(-0.01F, 0, 0.05F) : head_top, 0.018F,
               frame.paint());
    frame.tube(head_low, head_top, 0.021F, frame.paint());
    frame.pair(crank, rear, 0.03F, 0.06F, 0.011F, frame.paint());
    frame.pair(seat_joint, rear, 0.02F, 0.06F, 0.009F, frame.paint());
    frame.pair(head_low, front, 0.04F, 0.05F, 0.013F, frame.paint());
    frame.tube(head_top, {d.bar_x + 0.03F, 0, d.bar_z}, 0.013F, frame.metal());
    add_handlebar(frame, d);
    add_soft_box(mesh, {-0.25F, 0, d.saddle}, {0.27F, d.drop_bar ? 0.13F : 0.18F, 0.07F}, 0.03F,
                 frame.dark());
    add_drive(frame, crank, rear);
    if (d.guards) {
        add_guard(frame, rear, d.wheel + 0.025F, 0.9F, 3.5F);
        add_guard(frame, front, d.wheel + 0.025F, 0.7F, 2.6F);
    }
    add_luggage(frame, d, rear);
    const float sweep = d.drop_bar ? 0.12F : d.step_through || d.basket ? -0.20F : -0.02F;
    const Vector3f arm(0.12F, 0.12F, -0.12F);
    Seat seat;
    seat.saddle = {-0.25F, 0, d.saddle + 0.03F};
    seat.grip = {d.bar_x + sweep, d.bar_half, d.bar_z + 0.02F};
    seat.foot = {crank + arm, crank + Vector3f(-arm.x(), -arm.y(), -arm.z())};
    seat.lean = d.drop_bar ? 0.85F : d.step_through || d.basket ? 0.15F : 0.5F;
    return seat;
}

Mesh make_bicycle(std::uint32_t variant) {
    Mesh mesh;
    add_bicycle(mesh, variant, Category::bicycle);
    return mesh;
}

}  // namespace distillar::simulation
