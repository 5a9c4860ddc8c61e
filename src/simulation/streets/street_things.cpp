#include "simulation/streets/street_things.hpp"

#include <cmath>

#include "simulation/objects/furniture.hpp"
#include "simulation/objects/furniture_parts.hpp"
#include "simulation/plants/foliage.hpp"
#include "simulation/shapes/dice.hpp"

namespace distillar::simulation {
namespace {

using Eigen::Vector3f;

constexpr Category thing = Category::other_object;
constexpr Surface timber{Material::wood, thing, 0};
constexpr Surface stone{Material::concrete, thing, 0};
constexpr Surface rubber{Material::rubber, thing, 0};

}  // namespace

Mesh make_litter_bin(base::Random& random) {
    Mesh mesh;
    const Surface body = metal(Finish::by_paint, thing);
    if (random.chance(0.5)) {
        add_cylinder(mesh, {0, 0, 0.05F}, {0, 0, 0.85F}, 0.22F, 0.25F, 14, body);
        add_cylinder(mesh, {0, 0, 0}, {0, 0, 0.05F}, 0.18F, 0.18F, 14, body);
        add_cylinder(mesh, {0, 0, 0.95F}, {0, 0, 1.03F}, 0.27F, 0.18F, 14, body);
        for (const float x : {-0.2F, 0.2F}) {
            add_cylinder(mesh, {x, 0, 0.8F}, {x, 0, 0.98F}, 0.02F, 0.02F, 6, body, false);
        }
        return mesh;
    }
    add_cylinder(mesh, {0, -0.2F, 0}, {0, -0.2F, 1.1F}, 0.03F, 0.03F, 8, body);
    add_box(mesh, {0, 0, 0.72F}, {0.38F, 0.34F, 0.6F}, body);
    add_box(mesh, {0, 0.176F, 0.92F}, {0.26F, 0.01F, 0.1F}, {Material::dark_plastic, thing, 0});
    return mesh;
}

Mesh make_wheeled_bins(base::Random& random) {
    Mesh mesh;
    const Surface body = metal(Finish::plastic, thing);
    const int count = 1 + static_cast<int>(random.below(3));
    for (int i = 0; i < count; ++i) {
        const float x = 0.68F * (static_cast<float>(i) - 0.5F * static_cast<float>(count - 1));
        add_box(mesh, {x, 0, 0.55F}, {0.54F, 0.6F, 0.86F}, body);
        add_box(mesh, {x, 0.02F, 1.01F}, {0.58F, 0.68F, 0.07F}, body);
        for (const float side : {-0.2F, 0.2F}) {
            add_cylinder(mesh, {x + side - 0.03F, -0.25F, 0.1F}, {x + side + 0.03F, -0.25F, 0.1F},
                         0.1F, 0.1F, 10, rubber);
            add_box(mesh, {x + side, 0.2F, 0.06F}, {0.06F, 0.08F, 0.12F}, rubber);
        }
    }
    return mesh;
}

Mesh make_bollard(base::Random& random) {
    Mesh mesh;
    const float height = between(random, 0.8F, 1.1F);
    const float radius = between(random, 0.045F, 0.1F);
    const Surface body = metal(random.chance(0.5) ? Finish::anthracite : Finish::by_paint);
    add_post(mesh, {0, 0}, height, radius, 0.95F * radius, body);
    add_ellipsoid(mesh, {0, 0, height}, {radius, radius, 0.7F * radius}, 10, body);
    if (random.chance(0.5)) {
        add_cylinder(mesh, {0, 0, height - 0.2F}, {0, 0, height - 0.1F}, 1.04F * radius,
                     1.04F * radius, 12, metal(Finish::white), false);
    }
    return mesh;
}

Mesh make_bench(base::Random& random) {
    Mesh mesh;
    const float length = between(random, 1.5F, 2.0F);
    const Surface legs = random.chance(0.4) ? stone : metal(Finish::anthracite, thing);
    for (const float x : {-0.36F * length, 0.36F * length}) {
        add_box(mesh, {x, 0, 0.2F}, {0.08F, 0.42F, 0.4F}, legs);
        add_box(mesh, {x, -0.22F, 0.6F}, {0.06F, 0.05F, 0.45F}, legs);
    }
    for (const float y : {-0.15F, -0.02F, 0.11F, 0.24F}) {
        add_box(mesh, {0, y, 0.43F}, {length, 0.1F, 0.04F}, timber);
    }
    for (const float z : {0.58F, 0.74F})
        add_box(mesh, {0, -0.19F, z}, {length, 0.03F, 0.11F}, timber);
    return mesh;
}

Mesh make_mailbox(base::Random& random) {
    Mesh mesh;
    const Finish colour = random.chance(0.5)   ? Finish::yellow
                          : random.chance(0.5) ? Finish::red
                                               : Finish::blue;
    const Surface body = metal(colour, thing);
    add_cylinder(mesh, {0, -0.05F, 0}, {0, -0.05F, 0.75F}, 0.04F, 0.04F, 8,
                 metal(Finish::galvanised, thing));
    add_box(mesh, {0, 0, 1.05F}, {0.5F, 0.38F, 0.65F}, body);
    add_cylinder(mesh, {-0.25F, 0, 1.375F}, {0.25F, 0, 1.375F}, 0.19F, 0.19F, 14, body);
    add_box(mesh, {0, 0.193F, 1.25F}, {0.36F, 0.01F, 0.05F}, {Material::dark_plastic, thing, 0});
    return mesh;
}

Mesh make_cabinet(base::Random& random) {
    Mesh mesh;
    const float width = between(random, 0.7F, 1.6F);
    const float height = between(random, 0.9F, 1.5F);
    const float depth = between(random, 0.3F, 0.45F);
    const Surface body = metal(Finish::light_grey, thing);
    add_box(mesh, {0, 0, 0.06F}, {width, depth, 0.12F}, stone);
    add_box(mesh, {0, 0, 0.5F * height + 0.06F}, {width - 0.02F, depth - 0.02F, height - 0.12F},
            body);
    add_box(mesh, {0, 0, height + 0.02F}, {width + 0.04F, depth + 0.05F, 0.05F}, body);
    const Surface gap{Material::dark_plastic, thing, 0};
    add_box(mesh, {0, 0.5F * depth - 0.01F, 0.5F * height}, {0.012F, 0.006F, height - 0.2F}, gap);
    add_box(mesh, {0.07F, 0.5F * depth, 0.55F * height}, {0.03F, 0.02F, 0.12F}, gap);
    return mesh;
}

Mesh make_advertising_column(base::Random& random) {
    Mesh mesh;
    const float height = between(random, 2.7F, 3.4F);
    const float radius = between(random, 0.55F, 0.7F);
    const Surface frame = metal(Finish::dark_green, thing);
    add_cylinder(mesh, {0, 0, 0}, {0, 0, 0.4F}, 1.06F * radius, 1.06F * radius, 20, stone);
    add_cylinder(mesh, {0, 0, 0.4F}, {0, 0, height}, radius, radius, 24,
                 metal(Finish::poster, thing), false);
    add_cylinder(mesh, {0, 0, height}, {0, 0, height + 0.12F}, 1.1F * radius, 1.1F * radius, 20,
                 frame);
    add_ellipsoid(mesh, {0, 0, height + 0.1F}, {radius, radius, 0.3F}, 16, frame);
    return mesh;
}

Mesh make_bicycle_rack(base::Random& random) {
    Mesh mesh;
    const Surface steel = metal(Finish::galvanised, thing);
    const int hoops = 3 + static_cast<int>(random.below(3));
    for (int i = 0; i < hoops; ++i) {
        const float x = 0.85F * (static_cast<float>(i) - 0.5F * static_cast<float>(hoops - 1));
        std::vector<Vector3f> points;
        points.emplace_back(x, -0.38F, 0);
        for (int step = 0; step <= 6; ++step) {
            const float angle = 3.1416F * (1 - static_cast<float>(step) / 6);
            points.emplace_back(x, 0.38F * std::cos(angle), 0.6F + 0.2F * std::sin(angle));
        }
        points.emplace_back(x, 0.38F, 0);
        add_pipe(mesh, points, 0.025F, 7, steel);
    }
    return mesh;
}

Mesh make_hydrant(base::Random& random) {
    Mesh mesh;
    const Surface body = metal(random.chance(0.7) ? Finish::red : Finish::yellow, thing);
    add_cylinder(mesh, {0, 0, 0}, {0, 0, 0.06F}, 0.16F, 0.16F, 12, body);
    add_cylinder(mesh, {0, 0, 0.06F}, {0, 0, 0.58F}, 0.1F, 0.1F, 12, body);
    add_ellipsoid(mesh, {0, 0, 0.6F}, {0.125F, 0.125F, 0.14F}, 12, body);
    add_cylinder(mesh, {-0.18F, 0, 0.44F}, {0.18F, 0, 0.44F}, 0.05F, 0.05F, 8, body);
    add_cylinder(mesh, {0, 0, 0.38F}, {0, 0.17F, 0.38F}, 0.065F, 0.065F, 8, body);
    return mesh;
}

Mesh make_parking_meter(base::Random& random) {
    Mesh mesh;
    const Surface body = metal(random.chance(0.5) ? Finish::anthracite : Finish::blue);
    if (random.chance(0.5)) {
        add_post(mesh, {0, 0}, 1.15F, 0.035F, 0.035F, metal(Finish::galvanised));
        add_box(mesh, {0, 0, 1.3F}, {0.2F, 0.14F, 0.34F}, body);
        return mesh;
    }
    add_box(mesh, {0, 0, 0.8F}, {0.32F, 0.24F, 1.6F}, body);
    add_box(mesh, {0, 0.122F, 1.3F}, {0.22F, 0.01F, 0.2F}, metal(Finish::light_grey));
    return mesh;
}

Mesh make_planter(base::Random& random) {
    Mesh mesh;
    const float size = between(random, 0.6F, 1.1F);
    add_box(mesh, {0, 0, 0.27F}, {1.3F * size, size, 0.54F}, stone);
    add_box(mesh, {0, 0, 0.541F}, {1.2F * size, 0.9F * size, 0.01F}, {Material::soil, thing, 0});
    const Crown crown{{0, 0, 0.75F}, {0.62F * size, 0.48F * size, 0.35F}, 0.6F};
    for (const Vector3f& centre : spread_points(crown, 12, 0.2F, 0.7F, random)) {
        add_clump(mesh, crown, {centre, 0.18F, 40, 0.1F}, random);
    }
    return mesh;
}

}  // namespace distillar::simulation
