#include <cmath>

#include "simulation/objects/car_design.hpp"
#include "simulation/objects/coach.hpp"

namespace distillar::simulation {

using Eigen::Vector3f;

namespace {

struct BusDesign {
    float length = 12, width = 2.55F, height = 3.05F;
    float foot = 0.30F;
    float window_low = 1.25F, window_high = 2.62F;
    float axle_front = 2.7F, axle_rear = 8.6F;
    float rake = 0.18F;
    std::vector<float> doors;  ///< s of their front edges, on the right
    bool twin_rear = false;    ///< a third axle
    bool jointed = false;      ///< a second section behind bellows
    int stripe = 0;            ///< 0 none, 1 lower body in the second colour, 2 roof
};

const std::vector<BusDesign>& bus_designs() {
    static const std::vector<BusDesign> all = [] {
        BusDesign city;
        city.doors = {0.55F, 5.2F, 9.6F};
        BusDesign coach = city;  // long-distance: high floor
        coach.length = 12.6F, coach.height = 3.65F, coach.foot = 0.34F, coach.rake = 0.45F;
        coach.window_low = 1.95F, coach.window_high = 3.2F, coach.doors = {0.6F};
        coach.axle_rear = 9.0F, coach.twin_rear = true, coach.stripe = 1;
        BusDesign jointed = city;
        jointed.length = 18.0F, jointed.doors = {0.55F, 5.2F, 11.6F, 15.0F};
        jointed.axle_rear = 8.4F, jointed.jointed = true, jointed.stripe = 2;
        BusDesign midi = city;
        midi.length = 8.2F, midi.width = 2.3F, midi.height = 2.85F, midi.axle_front = 2.0F;
        midi.axle_rear = 6.0F, midi.doors = {0.5F, 3.6F}, midi.window_high = 2.45F;
        midi.window_low = 1.3F, midi.stripe = 1;
        return std::vector{city, coach, jointed, midi};
    }();
    return all;
}

Surface of(Material material, std::uint16_t style = 0) {
    return {material, Category::bus, style};
}

void cut_windows(Shell& shell, const BusDesign& d, bool left) {
    const float front = d.length / 2;
    const float first = d.rake + 0.25F, last = d.length - 0.25F;
    cut_panel(shell, {front - last, front - first, d.window_low, d.window_high, 0},
              of(Material::dark_plastic), left);
    const auto count = static_cast<int>(std::round((last - first) / 1.45F));
    const float step = (last - first) / static_cast<float>(count);
    for (int i = 0; i < count; ++i) {
        const float s = first + step * static_cast<float>(i);
        cut_panel(shell,
                  {front - s - step + 0.04F, front - s - 0.04F, d.window_low + 0.04F,
                   d.window_high - 0.04F, 0},
                  of(Material::car_glass), left);
    }
}

void cut_doors(Shell& shell, const BusDesign& d) {
    for (const float s : d.doors) {
        const float x = d.length / 2 - s;
        cut_panel(shell, {x - 1.25F, x, d.foot + 0.06F, d.window_high, 0},
                  of(Material::dark_plastic), false);
        for (const float leaf : {0.0F, 0.62F}) {
            cut_panel(
                shell,
                {x - leaf - 0.57F, x - leaf - 0.06F, d.foot + 0.14F, d.window_high - 0.08F, 0},
                of(Material::car_glass), false);
        }
    }
}

void cut_ends(Shell& shell, const BusDesign& d) {
    const float end = d.length / 2, half = d.width / 2;
    const float screen = std::min(d.window_low, 1.6F) - 0.15F;
    cut_patch(shell, end, true, {0, half, screen, d.window_high + 0.1F, 0},
              of(Material::dark_plastic));
    cut_patch(shell, end, true, {0, half - 0.06F, screen + 0.05F, d.window_high - 0.06F, 0},
              of(Material::car_glass));
    cut_patch(shell, end, true, {0, half, 0, d.foot + 0.18F, 0}, of(Material::dark_plastic));
    cut_patch(shell, end, true, {half - 0.50F, half - 0.12F, d.foot + 0.32F, d.foot + 0.52F, 0},
              of(Material::head_light));
    cut_patch(shell, -end, false, {0, half - 0.22F, d.window_low + 0.3F, d.window_high - 0.1F, 0},
              of(Material::car_glass));
    cut_patch(shell, -end, false, {0, half - 0.3F, d.foot + 0.35F, 1.15F, 0},
              of(Material::dark_plastic));
    for (const float z : {d.foot + 0.45F, d.foot + 0.75F, d.foot + 1.05F}) {
        cut_patch(shell, -end, false, {half - 0.24F, half - 0.08F, z, z + 0.2F, 0},
                  of(Material::tail_light));
    }
}

std::vector<float> axles(const BusDesign& d) {
    std::vector<float> list = {d.axle_front, d.axle_rear};
    if (d.twin_rear) {
        list.push_back(d.axle_rear + 1.3F);
    }
    if (d.jointed) {
        list.push_back(14.2F);
    }
    return list;
}

void add_bus_wheels(Mesh& mesh, const BusDesign& d) {
    for (const float s : axles(d)) {
        for (const float side : {-1.0F, 1.0F}) {
            add_wheel(mesh, {d.length / 2 - s, side * (d.width / 2 - 0.20F), 0.48F}, 0.48F, 0.3F,
                      side > 0, 10, Category::bus);
        }
    }
}

void add_bus_inside(Mesh& mesh, const BusDesign& d) {
    const Surface dark = of(Material::dark_plastic);
    const float floor = d.window_low > 1.6F ? 1.3F : 0.75F;
    add_box(mesh, {-0.2F, 0, (0.36F + floor) / 2},
            {d.length - 1.6F, d.width - 0.95F, floor - 0.36F}, dark);
    for (float x = d.length / 2 - 2.4F; x > -d.length / 2 + 0.8F; x -= 0.85F) {
        for (const float side : {-1.0F, 1.0F}) {
            add_box(mesh, {x, side * (d.width / 2 - 0.55F), floor + 0.55F}, {0.12F, 0.85F, 1.1F},
                    dark);
        }
    }
}

void add_bus_details(Mesh& mesh, const BusDesign& d) {
    const float front = d.length / 2, half = d.width / 2;
    for (const float side : {-1.0F, 1.0F}) {
        add_soft_box(mesh, {front + 0.12F, side * (half + 0.10F), d.window_high - 0.35F},
                     {0.14F, 0.22F, 0.42F}, 0.04F, of(Material::dark_plastic));
        add_cylinder(mesh, {front - 0.15F, side * (half - 0.12F), d.window_high + 0.1F},
                     {front + 0.12F, side * (half + 0.10F), d.window_high - 0.16F}, 0.025F, 0.025F,
                     6, of(Material::dark_plastic));
    }
    add_box(mesh, {front + 0.01F, 0, d.foot + 0.38F}, {0.02F, 0.52F, 0.11F}, of(Material::plate));
    add_box(mesh, {-front - 0.01F, 0, d.foot + 0.5F}, {0.02F, 0.52F, 0.11F}, of(Material::plate));
    if (d.height < 3.4F) {  // air conditioning
        add_soft_box(mesh, {front - 0.35F * d.length, 0, d.height + 0.06F}, {2.2F, 1.5F, 0.2F},
                     0.06F, of(Material::car_paint, plain_paint));
    }
}

}  // namespace

Mesh make_bus(std::uint32_t variant) {
    const BusDesign& d = bus_designs()[variant];
    const CoachSide side{d.length, d.foot, d.foot + 0.45F, 1.1F, d.rake, d.height};
    Coach coach;
    coach.length = d.length, coach.width = d.width;
    coach.top = coach_top(side), coach.bottom = coach_bottom(side);
    Shell shell = half_coach(coach, of(Material::car_paint, plain_paint));
    if (d.stripe == 1) {
        cut_panel(shell, {-d.length, d.length, d.foot + 0.5F, d.foot + 0.75F, 0},
                  of(Material::car_paint, second_paint));
    } else if (d.stripe == 2) {
        cut_panel(shell, {-d.length, d.length, d.window_high + 0.05F, d.height, 0},
                  of(Material::car_paint, second_paint));
    }
    cut_windows(shell, d, true);
    cut_ends(shell, d);
    for (const float s : axles(d)) {
        cut_arch(shell, {d.length / 2 - s, 0.48F, 0.58F, d.width / 2, 0.4F, d.foot}, Category::bus);
    }
    if (d.jointed) {
        const float joint = d.length / 2 - 10.4F;
        cut_panel(shell, {joint - 1.0F, joint, 0, d.height, 0}, of(Material::rubber));
    }
    mirror(shell);
    cut_doors(shell, d);
    Mesh mesh = finish(shell, 35);
    add_bus_wheels(mesh, d);
    add_bus_inside(mesh, d);
    add_bus_details(mesh, d);
    return mesh;
}

}  // namespace distillar::simulation
