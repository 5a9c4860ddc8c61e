#include <cmath>

#include "simulation/objects/truck_parts.hpp"

namespace distillar::simulation {

using Eigen::Vector3f;

namespace {

struct Sizes {
    Vector3f centre, size;
};

Sizes sizes(const Load& load) {
    return {{(load.rear + load.front) / 2, 0, (load.low + load.high) / 2},
            {load.front - load.rear, load.width, load.high - load.low}};
}

/// Door leaves: seams, lock rods and a frame on the rear.
void add_rear_doors(Mesh& mesh, const Load& load) {
    const Surface metal{Material::chrome, load.category, 0};
    const Surface dark{Material::dark_plastic, load.category, 0};
    const float x = load.rear - 0.012F, height = load.high - load.low;
    const float z = (load.low + load.high) / 2;
    add_box(mesh, {x, 0, z}, {0.02F, 0.02F, height - 0.1F}, dark);
    for (const float y : {-0.75F, -0.35F, 0.35F, 0.75F}) {
        add_cylinder(mesh, {x - 0.015F, y, load.low + 0.08F}, {x - 0.015F, y, load.high - 0.08F},
                     0.017F, 0.017F, 6, metal);
    }
}

}  // namespace

void add_box_body(Mesh& mesh, const Load& load) {
    const auto [centre, size] = sizes(load);
    const Surface metal{Material::chrome, load.category, 0};
    add_soft_box(mesh, centre, size, 0.04F, {Material::car_paint, load.category, second_paint});
    add_rear_doors(mesh, load);
    for (const float side : {-1.0F, 1.0F}) {  // edge profiles
        for (const float z : {load.low + 0.04F, load.high - 0.06F}) {
            add_box(mesh, {centre.x(), side * load.width / 2, z}, {size.x() - 0.08F, 0.03F, 0.08F},
                    metal);
        }
    }
}

void add_curtain_body(Mesh& mesh, const Load& load) {
    const auto [centre, size] = sizes(load);
    const Surface metal{Material::chrome, load.category, 0};
    add_soft_box(mesh, centre, size, 0.05F, {Material::tarpaulin, load.category, 0});
    add_rear_doors(mesh, load);
    for (const float side : {-1.0F, 1.0F}) {
        const float y = side * (load.width / 2 + 0.004F);
        add_box(mesh, {centre.x(), y, load.low + 0.07F}, {size.x(), 0.02F, 0.14F}, metal);
        add_box(mesh, {centre.x(), y, load.high - 0.05F}, {size.x() - 0.08F, 0.02F, 0.10F}, metal);
        for (float x = load.rear + 0.6F; x < load.front - 0.3F; x += 0.6F) {  // buckles
            add_box(mesh, {x, y, load.low + 0.24F}, {0.04F, 0.025F, 0.24F},
                    {Material::dark_plastic, load.category, 0});
        }
    }
}

void add_open_body(Mesh& mesh, const Load& load) {
    const auto [centre, size] = sizes(load);
    const Surface paint{Material::car_paint, load.category, second_paint};
    const Surface dark{Material::dark_plastic, load.category, 0};
    const float wall = 0.06F;
    add_box(mesh, {centre.x(), 0, load.low + 0.08F},
            {size.x() - 2 * wall, size.y() - 2 * wall, 0.14F}, dark);
    for (const float side : {-1.0F, 1.0F}) {
        add_box(mesh, {centre.x(), side * (load.width - wall) / 2, centre.z()},
                {size.x(), wall, size.z()}, paint);
        add_box(mesh, {centre.x() + side * (size.x() - wall) / 2, 0, centre.z()},
                {wall, size.y() - 2 * wall, size.z()}, paint);
        for (float x = load.rear + 0.1F; x < load.front; x += 0.9F) {  // ribs
            add_box(mesh, {x, side * (load.width / 2 + 0.02F), centre.z()},
                    {0.08F, 0.05F, size.z()}, paint);
        }
    }
    // Sand or rubble.
    add_ellipsoid(mesh, {centre.x(), 0, load.low + 0.25F},
                  {0.46F * size.x(), 0.44F * size.y(), 0.75F * size.z()}, 14, dark);
}

void add_tank_body(Mesh& mesh, const Load& load) {
    const auto [centre, size] = sizes(load);
    const Surface paint{Material::car_paint, load.category, second_paint};
    const Surface dark{Material::dark_plastic, load.category, 0};
    const float end = size.x() / 2 - 0.35F;
    std::vector<TubeRing> path;
    for (int i = 0; i <= 6; ++i) {
        const float share = static_cast<float>(i) / 3 - 1;
        path.push_back({{centre.x() + share * end, 0, centre.z()},
                        size.y() / 2 - 0.02F,
                        size.z() / 2 - 0.02F});
    }
    add_tube(mesh, path, Vector3f::UnitY(), 20, paint);
    add_box(mesh, {centre.x(), 0, load.high + 0.05F}, {size.x() - 1.2F, 0.55F, 0.06F}, dark);
    for (const float share : {-0.55F, 0.0F, 0.55F}) {
        add_cylinder(mesh, {centre.x() + share * end, 0, load.high - 0.1F},
                     {centre.x() + share * end, 0, load.high + 0.16F}, 0.25F, 0.25F, 12, dark);
    }
    add_box(mesh, {centre.x(), 0, load.low - 0.02F}, {size.x() - 0.8F, 1.6F, 0.30F}, dark);
}

}  // namespace distillar::simulation
