#include "simulation/objects/coach.hpp"
#include "simulation/objects/truck_parts.hpp"

namespace distillar::simulation {

using Eigen::Vector3f;

namespace {

/// Middleweight lorry of `length` with its load placed by the caller.
Cab light_cab(float length) {
    Cab cab;
    cab.front = length / 2, cab.length = 1.85F, cab.width = 2.25F, cab.height = 2.45F;
    cab.waist = 1.35F, cab.foot = 0.36F, cab.axle = 1.15F, cab.wheel_radius = 0.42F;
    cab.rake = 0.30F;
    return cab;
}

Cab heavy_cab(float length) {
    Cab cab;
    cab.front = length / 2, cab.height = 3.0F, cab.waist = 1.62F, cab.foot = 0.40F;
    cab.length = 2.15F;
    return cab;
}

Mesh box_lorry() {
    Mesh mesh;
    const Cab cab = light_cab(7.6F);
    add_cab(mesh, cab);
    add_chassis(mesh, {-3.8F, 3.3F, 1.0F, 2.35F, -1.0F, 1.2F, Category::truck});
    add_axle(mesh, -1.75F, 0.42F, 2.3F, true, Category::truck);
    add_box_body(mesh, {-3.75F, 1.85F, 1.05F, 3.35F, 2.45F, Category::truck});
    return mesh;
}

Mesh curtain_lorry() {
    Mesh mesh;
    const Cab cab = heavy_cab(9.6F);
    add_cab(mesh, cab);
    add_chassis(mesh, {-4.8F, 4.2F, 1.1F, 2.5F, -1.6F, 1.9F, Category::truck});
    add_axle(mesh, -2.3F, 0.5F, 2.5F, true, Category::truck);
    add_curtain_body(mesh, {-4.75F, 2.45F, 1.15F, 3.75F, 2.53F, Category::truck});
    return mesh;
}

Mesh tipper() {
    Mesh mesh;
    const Cab cab = heavy_cab(7.8F);
    add_cab(mesh, cab);
    add_chassis(mesh, {-3.8F, 3.3F, 1.15F, 2.5F, -0.2F, 1.0F, Category::truck});
    add_axle(mesh, -1.0F, 0.5F, 2.45F, true, Category::truck);
    add_axle(mesh, -2.35F, 0.5F, 2.45F, true, Category::truck);
    add_open_body(mesh, {-3.85F, 1.55F, 1.2F, 2.35F, 2.5F, Category::truck});
    return mesh;
}

Mesh refuse_truck() {
    Mesh mesh;
    Cab cab = heavy_cab(9.2F);
    cab.height = 2.8F;
    add_cab(mesh, cab);
    add_chassis(mesh, {-3.7F, 4.0F, 1.1F, 2.5F, -0.3F, 1.7F, Category::truck});
    add_axle(mesh, -1.3F, 0.5F, 2.5F, true, Category::truck);
    add_axle(mesh, -2.65F, 0.5F, 2.5F, true, Category::truck);
    const Surface paint{Material::car_paint, Category::truck, second_paint};
    const Surface dark{Material::dark_plastic, Category::truck, 0};
    add_soft_box(mesh, {-0.45F, 0, 2.25F}, {5.2F, 2.45F, 2.2F}, 0.18F, paint);
    add_soft_box(mesh, {-3.55F, 0, 2.0F}, {1.7F, 2.4F, 2.5F}, 0.22F, paint);  // hopper
    add_box(mesh, {-4.42F, 0, 1.45F}, {0.06F, 2.0F, 0.9F}, dark);
    for (const float side : {-1.0F, 1.0F}) {  // lifting arms, lamps, warning boards
        add_box(mesh, {-4.5F, side * 0.95F, 1.35F}, {0.16F, 0.14F, 1.1F}, paint);
        add_box(mesh, {-4.45F, side * 1.08F, 2.0F}, {0.04F, 0.14F, 0.3F},
                {Material::tail_light, Category::truck, 0});
        add_box(mesh, {-4.42F, side * 0.95F, 2.75F}, {0.05F, 0.2F, 0.14F},
                {Material::tail_light, Category::truck, 0});
    }
    add_box(mesh, {-4.48F, 0, 1.05F}, {0.12F, 1.7F, 0.12F}, paint);
    for (float x = -2.6F; x < 2.0F; x += 0.75F) {
        for (const float side : {-1.0F, 1.0F}) {
            add_box(mesh, {x, side * 1.23F, 2.2F}, {0.08F, 0.06F, 1.9F}, paint);
        }
    }
    return mesh;
}

/// European or American semi-trailer: its front edge at `front`; 13.6 m long.
void add_semi_trailer(Mesh& mesh, float front, int load, bool legs) {
    const float rear = front - 13.6F;
    const Category category = Category::trailer;
    add_chassis(mesh, {rear, front - 0.6F, 1.15F, 2.5F, rear + 5.6F, front - 4.6F, category});
    for (const float x : {rear + 2.0F, rear + 3.3F, rear + 4.6F}) {
        add_axle(mesh, x, 0.5F, 2.5F, false, category);
    }
    const Load body{rear,  front,   load == 1 ? 1.45F : 1.18F, load == 1 ? 3.5F : 3.98F,
                    2.54F, category};
    switch (load) {
        case 0:
            add_curtain_body(mesh, body);
            break;
        case 1:
            add_tank_body(mesh, body);
            break;
        default:
            add_box_body(mesh, body);
            break;
    }
    if (legs) {
        for (const float side : {-0.7F, 0.7F}) {
            add_box(mesh, {front - 2.6F, side, 0.6F}, {0.14F, 0.14F, 1.1F},
                    {Material::dark_plastic, category, 0});
            add_box(mesh, {front - 2.6F, side, 0.03F}, {0.3F, 0.3F, 0.06F},
                    {Material::dark_plastic, category, 0});
        }
    }
}

/// Wheels on one axle below a small trailer with a drawbar.
void add_light_running_gear(Mesh& mesh, float body_front, float axle, float width) {
    const Surface dark{Material::dark_plastic, Category::trailer, 0};
    for (const float side : {-1.0F, 1.0F}) {
        add_wheel(mesh, {axle, side * (width / 2 + 0.10F), 0.28F}, 0.28F, 0.17F, side > 0, 5,
                  Category::trailer);
        add_box(mesh, {axle, side * (width / 2 + 0.10F), 0.6F}, {0.72F, 0.22F, 0.03F}, dark);
        add_cylinder(mesh, {body_front, side * 0.35F, 0.42F}, {body_front + 1.1F, 0, 0.42F}, 0.03F,
                     0.03F, 6, dark);
    }
    add_cylinder(mesh, {body_front + 1.0F, 0, 0.42F}, {body_front + 1.35F, 0, 0.42F}, 0.04F, 0.04F,
                 8, dark);
    add_cylinder(mesh, {body_front + 0.85F, 0, 0}, {body_front + 0.85F, 0, 0.55F}, 0.03F, 0.03F, 6,
                 dark);
}

Mesh car_trailer(bool covered) {
    Mesh mesh;
    const Load body{-1.9F, 0.7F, 0.45F, covered ? 1.75F : 0.85F, 1.35F, Category::trailer};
    add_light_running_gear(mesh, body.front, -0.7F, body.width);
    covered ? add_curtain_body(mesh, body) : add_open_body(mesh, body);
    for (const float side : {-0.5F, 0.5F}) {
        add_box(mesh, {-1.92F, side, 0.5F}, {0.05F, 0.22F, 0.1F},
                {Material::tail_light, Category::trailer, 0});
    }
    return mesh;
}

Mesh caravan() {
    const Category category = Category::trailer;
    CoachSide side{5.6F, 0.38F, 0.75F, 1.1F, 0.35F, 2.55F};
    Coach coach;
    coach.length = side.length, coach.width = 2.2F, coach.front_bow = 0.1F;
    coach.top = coach_top(side), coach.bottom = coach_bottom(side);
    Shell shell = half_coach(coach, {Material::car_paint, category, second_paint});
    const Surface glass{Material::car_glass, category, 0};
    cut_panel(shell, {0.9F, 2.0F, 1.35F, 1.95F, 0}, glass);
    cut_panel(shell, {-1.9F, -0.6F, 1.35F, 1.95F, 0}, glass);
    cut_patch(shell, 2.8F, true, {0, 0.8F, 1.35F, 1.95F, 0}, glass);
    cut_patch(shell, -2.8F, false, {0, 0.7F, 1.35F, 1.95F, 0}, glass);
    cut_patch(shell, -2.8F, false, {0.75F, 0.95F, 0.75F, 1.1F, 0},
              {Material::tail_light, category, 0});
    cut_panel(shell, {-3, 3, 1.08F, 1.18F, 0}, {Material::chrome, category, 0});
    mirror(shell);
    Mesh mesh = finish(shell, 35);
    add_light_running_gear(mesh, 2.75F, -0.2F, 1.75F);
    Mesh placed;
    Eigen::Isometry3f pose = Eigen::Isometry3f::Identity();
    pose.translation().x() = -0.65F;
    append(placed, mesh, pose);
    return placed;
}

}  // namespace

Mesh make_truck(std::uint32_t variant) {
    switch (variant) {
        case 0:
            return box_lorry();
        case 1:
            return curtain_lorry();
        case 2:
            return tipper();
        default:
            return refuse_truck();
    }
}

Mesh make_semi_truck(std::uint32_t variant) {
    Mesh mesh;
    const bool american = variant == 2;
    const float length = american ? 19.2F : 16.5F;
    Cab cab = heavy_cab(length);
    cab.height = american ? 3.3F : 3.7F;
    const float nose = american ? 1.9F : 0;
    cab.length = american ? 2.3F : 2.3F;
    american ? add_long_nosed_cab(mesh, cab) : add_cab(mesh, cab);
    const float rear = length / 2 - nose - (american ? 5.6F : 6.0F);
    add_chassis(mesh, {rear, length / 2 - nose - 1.0F, 1.05F, 2.5F, rear + 1.6F,
                       length / 2 - nose - 2.3F, Category::truck});
    add_axle(mesh, rear + 0.9F, 0.5F, 2.5F, true, Category::truck);
    if (american) {
        add_axle(mesh, rear + 2.15F, 0.5F, 2.5F, true, Category::truck);
    }
    add_semi_trailer(mesh, -length / 2 + 13.6F, static_cast<int>(variant), false);
    return mesh;
}

Mesh make_trailer(std::uint32_t variant) {
    if (variant == 0) {
        Mesh mesh;
        add_semi_trailer(mesh, 6.8F, 0, true);
        return mesh;
    }
    return variant == 1 ? car_trailer(false) : variant == 2 ? caravan() : car_trailer(true);
}

}  // namespace distillar::simulation
