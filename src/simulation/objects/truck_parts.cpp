#include "simulation/objects/truck_parts.hpp"

#include <cmath>
#include <numbers>

#include "simulation/objects/coach.hpp"

namespace distillar::simulation {

using Eigen::Vector3f;

namespace {

Surface of(Material material, std::uint16_t style = 0) {
    return {material, Category::truck, style};
}

void append_at(Mesh& mesh, const Shell& half, float x, float crease = 35) {
    Shell whole = half;
    mirror(whole);
    Eigen::Isometry3f pose = Eigen::Isometry3f::Identity();
    pose.translation().x() = x;
    append(mesh, finish(whole, crease), pose);
}

Coach coach_of(const CoachSide& side, float width) {
    Coach coach;
    coach.length = side.length, coach.width = width;
    coach.top = coach_top(side), coach.bottom = coach_bottom(side);
    coach.corner = 0.14F, coach.edge = 0.14F;
    return coach;
}

/// Pane of the door with its dark frame; s metres behind the front.
void cut_door_window(Shell& shell, float half_length, float from, float to, float low, float high,
                     float lean) {
    const float front = half_length - from, rear = half_length - to;
    cut_panel(shell, {rear, front, low, high, lean}, of(Material::dark_plastic));
    cut_panel(shell, {rear + 0.06F, front - 0.07F, low + 0.05F, high - 0.05F, lean},
              of(Material::car_glass));
}

void add_front_wheels(Mesh& mesh, float x, float width, float radius) {
    for (const float side : {-1.0F, 1.0F}) {
        add_wheel(mesh, {x, side * (width / 2 - 0.17F), radius}, radius, 0.28F, side > 0, 10,
                  Category::truck);
    }
}

void add_cab_mirrors(Mesh& mesh, float x, float half, float z) {
    for (const float side : {-1.0F, 1.0F}) {
        add_soft_box(mesh, {x, side * (half + 0.17F), z}, {0.13F, 0.22F, 0.5F}, 0.04F,
                     of(Material::dark_plastic));
        for (const float arm : {-0.2F, 0.2F}) {
            add_cylinder(mesh, {x - 0.15F, side * (half - 0.06F), z + arm},
                         {x, side * (half + 0.16F), z + arm}, 0.018F, 0.018F, 6,
                         of(Material::dark_plastic));
        }
    }
}

void add_cab_inside(Mesh& mesh, float x_front, float length, float width, float seat) {
    add_box(mesh, {x_front - 0.3F - length / 2, 0, seat - 0.35F},
            {length - 0.5F, width - 0.8F, 0.7F}, of(Material::dark_plastic));
    for (const float side : {-0.6F, 0.6F}) {
        add_box(mesh, {x_front - 1.35F, side, seat + 0.35F}, {0.15F, 0.5F, 0.8F},
                of(Material::dark_plastic));
    }
}

/// Windscreen, grille, bumper, lights of a flat front at x = end.
void cut_cab_front(Shell& shell, const Cab& cab, float end) {
    const float half = cab.width / 2, high = cab.waist + 0.95F;
    cut_patch(shell, end, true, {0, half - 0.10F, cab.waist + 0.04F, high, 0},
              of(Material::dark_plastic));
    cut_patch(shell, end, true, {0, half - 0.17F, cab.waist + 0.10F, high - 0.06F, 0},
              of(Material::car_glass));
    cut_patch(shell, end, true, {0, half - 0.45F, cab.foot + 0.48F, cab.waist - 0.15F, 0},
              of(Material::dark_plastic));
    cut_patch(shell, end, true, {0, half, 0, cab.foot + 0.20F, 0}, of(Material::dark_plastic));
    cut_patch(shell, end, true, {half - 0.48F, half - 0.10F, cab.foot + 0.24F, cab.foot + 0.42F, 0},
              of(Material::head_light));
}

}  // namespace

void add_cab(Mesh& mesh, const Cab& cab) {
    const CoachSide side{cab.length, cab.foot, cab.foot + 0.35F, cab.waist, cab.rake, cab.height};
    Shell shell = half_coach(coach_of(side, cab.width), of(Material::car_paint, plain_paint));
    const float end = cab.length / 2;
    cut_cab_front(shell, cab, end);
    cut_door_window(shell, end, 0.34F, 1.40F, cab.waist + 0.02F, cab.waist + 0.88F, 0.22F);
    cut_arch(
        shell,
        {end - cab.axle, cab.wheel_radius, cab.wheel_radius + 0.09F, cab.width / 2, 0.4F, cab.foot},
        Category::truck);
    append_at(mesh, shell, cab.front - end);
    add_cab_inside(mesh, cab.front, cab.length, cab.width, cab.waist - 0.1F);
    add_front_wheels(mesh, cab.front - cab.axle, cab.width, cab.wheel_radius);
    add_cab_mirrors(mesh, cab.front - 0.30F, cab.width / 2, cab.waist + 0.45F);
    add_box(mesh, {cab.front + 0.01F, 0, cab.foot + 0.30F}, {0.02F, 0.52F, 0.11F},
            of(Material::plate));
}

void add_long_nosed_cab(Mesh& mesh, const Cab& cab) {
    const float nose = 1.9F;  // length of the bonnet
    const CoachSide bonnet{nose + 0.4F,       cab.foot, cab.foot + 0.35F,
                           cab.waist - 0.25F, 0.12F,    cab.waist + 0.12F};
    Coach front = coach_of(bonnet, cab.width - 0.35F);
    front.front_bow = 0.25F;
    Shell shell = half_coach(front, of(Material::car_paint, plain_paint));
    const float end = front.length / 2, half = front.width / 2;
    cut_patch(shell, end, true, {0, half - 0.35F, cab.foot + 0.38F, cab.waist - 0.08F, 0},
              of(Material::chrome));
    cut_patch(shell, end, true, {0, half, 0, cab.foot + 0.28F, 0}, of(Material::chrome));
    cut_patch(shell, end, true, {half - 0.30F, half - 0.04F, cab.foot + 0.45F, cab.foot + 0.7F, 0},
              of(Material::head_light));
    cut_arch(shell,
             {end - cab.axle, cab.wheel_radius, cab.wheel_radius + 0.1F, half, 0.35F, cab.foot},
             Category::truck);
    append_at(mesh, shell, cab.front - end);

    const CoachSide house{cab.length, cab.foot + 0.1F, cab.waist - 0.3F, cab.waist + 0.05F,
                          0.3F,       cab.height};
    Shell rear = half_coach(coach_of(house, cab.width), of(Material::car_paint, plain_paint));
    const float rear_end = cab.length / 2;
    cut_patch(rear, rear_end, true,
              {0, cab.width / 2 - 0.12F, cab.waist + 0.16F, cab.waist + 0.85F, 0},
              of(Material::car_glass));
    cut_door_window(rear, rear_end, 0.36F, 1.2F, cab.waist, cab.waist + 0.8F, 0.2F);
    append_at(mesh, rear, cab.front - nose - rear_end);
    add_cab_inside(mesh, cab.front - nose, cab.length, cab.width, cab.waist - 0.1F);
    add_front_wheels(mesh, cab.front - cab.axle, front.width, cab.wheel_radius);
    add_cab_mirrors(mesh, cab.front - nose - 0.2F, cab.width / 2, cab.waist + 0.45F);
    for (const float side : {-1.0F, 1.0F}) {  // exhaust stacks
        add_cylinder(mesh, {cab.front - nose - cab.length - 0.1F, side * 1.05F, 0.9F},
                     {cab.front - nose - cab.length - 0.1F, side * 1.05F, cab.height + 0.3F},
                     0.075F, 0.075F, 10, of(Material::chrome));
    }
}

void add_axle(Mesh& mesh, float x, float radius, float width, bool twin, Category category) {
    const Surface dark{Material::dark_plastic, category, 0};
    const float tyre = twin ? 0.56F : 0.32F;
    for (const float side : {-1.0F, 1.0F}) {
        add_wheel(mesh, {x, side * (width / 2 - 0.03F - tyre / 2), radius}, radius, tyre, side > 0,
                  10, category);
        const float y = side * (width / 2 - 0.03F - tyre / 2);
        for (int i = 0; i < 5; ++i) {  // a mudguard of five plates
            const float angle = std::numbers::pi_v<float> * (0.1F + 0.2F * static_cast<float>(i));
            const float out = radius + 0.09F;
            const Eigen::Matrix3f turn =
                Eigen::AngleAxisf(std::numbers::pi_v<float> / 2 - angle, Vector3f::UnitY())
                    .toRotationMatrix();
            add_box(mesh, {x + out * std::cos(angle), y, radius + out * std::sin(angle)},
                    {0.40F, tyre, 0.02F}, dark, turn);
        }
    }
    add_cylinder(mesh, {x, -width / 2 + 0.3F, radius}, {x, width / 2 - 0.3F, radius}, 0.09F, 0.09F,
                 8, dark);
}

void add_chassis(Mesh& mesh, const Chassis& c) {
    const Surface dark{Material::dark_plastic, c.category, 0};
    const float middle = (c.rear + c.front) / 2, length = c.front - c.rear;
    for (const float side : {-1.0F, 1.0F}) {
        add_box(mesh, {middle, side * 0.42F, c.top - 0.14F}, {length, 0.1F, 0.28F}, dark);
        add_box(mesh, {c.rear + 0.05F, side * (c.width / 2 - 0.3F), c.top - 0.18F},
                {0.06F, 0.42F, 0.14F}, {Material::tail_light, c.category, 0});
        if (c.guard_front - c.guard_rear > 0.5F) {
            const float x = (c.guard_front + c.guard_rear) / 2, span = c.guard_front - c.guard_rear;
            for (const float z : {0.55F, 0.82F}) {
                add_box(mesh, {x, side * (c.width / 2 - 0.05F), z}, {span, 0.03F, 0.11F},
                        {Material::chrome, c.category, 0});
            }
            add_cylinder(mesh, {c.guard_front - 1.1F, side * 0.82F, 0.72F},
                         {c.guard_front - 0.1F, side * 0.82F, 0.72F}, 0.28F, 0.28F, 12,
                         {Material::chrome, c.category, 0});
        }
    }
    add_box(mesh, {c.rear + 0.1F, 0, 0.5F}, {0.1F, c.width - 0.3F, 0.14F}, dark);
    for (const float side : {-0.45F, 0.45F}) {
        add_box(mesh, {c.rear + 0.12F, side, (0.5F + c.top) / 2}, {0.08F, 0.08F, c.top - 0.5F},
                dark);
    }
    add_box(mesh, {c.rear + 0.03F, 0, 0.5F}, {0.02F, 0.52F, 0.11F},
            {Material::plate, c.category, 0});
}

}  // namespace distillar::simulation
