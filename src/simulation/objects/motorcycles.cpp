#include <cmath>
#include <numbers>

#include "simulation/objects/car_design.hpp"
#include "simulation/objects/two_wheelers.hpp"
#include "simulation/shapes/shell.hpp"

namespace distillar::simulation {

using Eigen::Vector3f;

namespace {

struct Painter {
    Mesh& mesh;
    Category category;

    Surface of(Material material) const {
        return {material, category,
                static_cast<std::uint16_t>(material == Material::car_paint ? plain_paint : 0)};
    }
    void ball(const Vector3f& centre, const Vector3f& radii, Material material) const {
        add_ellipsoid(mesh, centre, radii, 12, of(material));
    }
    void tube(const Vector3f& a, const Vector3f& b, float radius, Material material) const {
        add_cylinder(mesh, a, b, radius, radius, 8, of(material));
    }
    void box(const Vector3f& centre, const Vector3f& size, float bevel, Material material) const {
        add_soft_box(mesh, centre, size, bevel, of(material));
    }
    /// A tapering body along x; rings (x, z, half width, half height).
    void body(const std::vector<Eigen::Vector4f>& rings, Material material) const {
        std::vector<TubeRing> path;
        for (const Eigen::Vector4f& ring : rings) {
            path.push_back({{ring[0], 0, ring[1]}, ring[2], ring[3]});
        }
        add_tube(mesh, path, Vector3f::UnitY(), 12, of(material));
    }
};

void add_wheels(const Painter& p, float rear, float front, float radius, float tyre) {
    for (const float x : {rear, front}) {
        const Vector3f hub(x, 0, radius);
        add_thin_wheel(p.mesh, hub, radius, tyre, 0, p.category);
        for (int i = 0; i < 5; ++i) {
            const float angle = 2 * std::numbers::pi_v<float> * static_cast<float>(i) / 5;
            p.tube(hub,
                   hub + (radius - 1.9F * tyre) * Vector3f(std::sin(angle), 0, std::cos(angle)),
                   0.016F, Material::dark_plastic);
        }
        p.tube(hub - Vector3f(0, 0.05F, 0), hub + Vector3f(0, 0.05F, 0), 0.13F, Material::chrome);
    }
}

void add_fork(const Painter& p, const Vector3f& hub, const Vector3f& top) {
    for (const float side : {-0.10F, 0.10F}) {
        p.tube(hub + Vector3f(0, side, 0), top + Vector3f(0, side, 0), 0.028F, Material::chrome);
    }
}

void add_bar(const Painter& p, const Vector3f& stem, float half, float sweep) {
    for (const float side : {-1.0F, 1.0F}) {
        const Vector3f end = stem + Vector3f(sweep, side * half, 0.03F);
        p.tube(stem, end, 0.015F, Material::dark_plastic);
        p.tube(end - Vector3f(0, side * 0.12F, 0), end, 0.020F, Material::rubber);
        const Vector3f mirror = end + Vector3f(0.05F, -side * 0.02F, 0.17F);
        p.tube(end - Vector3f(0, side * 0.12F, 0), mirror, 0.008F, Material::dark_plastic);
        p.ball(mirror, {0.015F, 0.07F, 0.045F}, Material::dark_plastic);
    }
}

void add_lights(const Painter& p, const Vector3f& head, const Vector3f& tail) {
    p.ball(head, {0.07F, 0.10F, 0.09F}, Material::head_light);
    p.box(tail, {0.05F, 0.16F, 0.06F}, 0.015F, Material::tail_light);
    p.box(tail + Vector3f(-0.03F, 0, -0.17F), {0.015F, 0.2F, 0.16F}, 0.005F, Material::plate);
}

/// Naked bike; with `fairing` a sports bike.
Seat add_bike(const Painter& p, bool fairing) {
    const float radius = 0.315F, rear = -0.71F, front = 0.71F;
    add_wheels(p, rear, front, radius, 0.062F);
    add_fork(p, {front, 0, radius}, {0.44F, 0, 0.88F});
    p.body({{-0.10F, 0.80F, 0.10F, 0.06F},
            {0.05F, 0.84F, 0.155F, 0.12F},
            {0.25F, 0.86F, 0.15F, 0.12F},
            {0.38F, 0.84F, 0.10F, 0.07F}},
           Material::car_paint);  // tank
    p.body({{-0.78F, 0.88F, 0.07F, 0.05F},
            {-0.55F, 0.83F, 0.13F, 0.06F},
            {-0.30F, 0.79F, 0.14F, 0.07F},
            {-0.08F, 0.80F, 0.11F, 0.06F}},
           Material::dark_plastic);  // saddle
    p.body(
        {{-0.82F, 0.80F, 0.05F, 0.04F}, {-0.5F, 0.74F, 0.11F, 0.06F}, {-0.2F, 0.68F, 0.12F, 0.07F}},
        Material::car_paint);
    p.box({0.08F, 0, 0.48F}, {0.52F, 0.36F, 0.40F}, 0.08F, Material::dark_plastic);  // engine
    p.box({0.36F, 0, 0.58F}, {0.06F, 0.34F, 0.30F}, 0.02F, Material::dark_plastic);  // cooler
    p.tube({-0.05F, 0.11F, 0.42F}, {rear, 0.11F, radius}, 0.035F, Material::dark_plastic);
    p.tube({-0.05F, -0.11F, 0.42F}, {rear, -0.11F, radius}, 0.035F, Material::dark_plastic);
    p.tube({0.2F, -0.17F, 0.28F}, {-0.35F, -0.19F, 0.32F}, 0.03F, Material::chrome);
    p.tube({-0.35F, -0.20F, 0.33F}, {-0.80F, -0.22F, 0.48F}, 0.055F, Material::chrome);
    p.box({front + 0.02F, 0, 2 * radius + 0.02F}, {0.34F, 0.13F, 0.035F}, 0.015F,
          Material::car_paint);
    p.box({-0.88F, 0, 0.66F}, {0.26F, 0.15F, 0.03F}, 0.01F, Material::dark_plastic);
    if (fairing) {
        p.body({{-0.1F, 0.55F, 0.16F, 0.16F},
                {0.2F, 0.60F, 0.22F, 0.26F},
                {0.48F, 0.78F, 0.19F, 0.22F},
                {0.68F, 0.86F, 0.10F, 0.10F}},
               Material::car_paint);
        p.body({{0.42F, 1.06F, 0.13F, 0.04F}, {0.58F, 0.98F, 0.13F, 0.06F}}, Material::car_glass);
    }
    add_bar(p, {0.40F, 0, fairing ? 0.95F : 1.02F}, fairing ? 0.31F : 0.38F, -0.10F);
    add_lights(p, {fairing ? 0.72F : 0.56F, 0, 0.88F}, {-0.92F, 0, 0.84F});
    Seat seat;
    seat.saddle = {-0.30F, 0, 0.84F};
    seat.grip = {0.30F, fairing ? 0.29F : 0.36F, fairing ? 0.98F : 1.05F};
    seat.foot = {Vector3f(-0.20F, 0.2F, 0.36F), Vector3f(-0.20F, -0.2F, 0.36F)};
    seat.lean = fairing ? 0.75F : 0.30F;
    return seat;
}

Seat add_scooter(const Painter& p) {
    const float radius = 0.235F, rear = -0.62F, front = 0.66F;
    add_wheels(p, rear, front, radius, 0.052F);
    add_fork(p, {front, 0, radius}, {0.50F, 0, 0.75F});
    p.body({{-0.86F, 0.60F, 0.09F, 0.08F},
            {-0.62F, 0.58F, 0.19F, 0.16F},
            {-0.30F, 0.55F, 0.20F, 0.19F},
            {-0.08F, 0.48F, 0.16F, 0.16F}},
           Material::car_paint);
    p.body({{-0.78F, 0.77F, 0.10F, 0.04F},
            {-0.45F, 0.77F, 0.15F, 0.06F},
            {-0.14F, 0.74F, 0.13F, 0.05F}},
           Material::dark_plastic);
    p.box({0.12F, 0, 0.30F}, {0.62F, 0.36F, 0.09F}, 0.03F, Material::dark_plastic);
    const Eigen::Matrix3f lean = Eigen::AngleAxisf(-0.22F, Vector3f::UnitY()).toRotationMatrix();
    add_box(p.mesh, {0.42F, 0, 0.58F}, {0.07F, 0.44F, 0.60F}, p.of(Material::car_paint), lean);
    p.body({{0.44F, 0.55F, 0.16F, 0.22F}, {0.54F, 0.58F, 0.09F, 0.22F}}, Material::car_paint);
    p.body(
        {{0.52F, 0.47F, 0.06F, 0.04F}, {0.68F, 0.51F, 0.075F, 0.04F}, {0.86F, 0.42F, 0.06F, 0.03F}},
        Material::car_paint);
    p.body(
        {{0.30F, 0.96F, 0.12F, 0.06F}, {0.42F, 0.95F, 0.14F, 0.09F}, {0.48F, 0.94F, 0.09F, 0.07F}},
        Material::car_paint);
    p.box({-0.55F, 0, 0.30F}, {0.5F, 0.24F, 0.2F}, 0.05F, Material::dark_plastic);
    add_bar(p, {0.36F, 0, 0.96F}, 0.34F, -0.06F);
    add_lights(p, {0.50F, 0, 0.95F}, {-0.92F, 0, 0.62F});
    Seat seat;
    seat.saddle = {-0.38F, 0, 0.81F};
    seat.grip = {0.28F, 0.33F, 1.0F};
    seat.foot = {Vector3f(0.18F, 0.14F, 0.35F), Vector3f(0.18F, -0.14F, 0.35F)};
    seat.lean = 0.08F;
    return seat;
}

}  // namespace

Seat add_motorcycle(Mesh& mesh, std::uint32_t variant, Category category) {
    const Painter painter{mesh, category};
    return variant == 2 ? add_scooter(painter) : add_bike(painter, variant == 1);
}

Mesh make_motorcycle(std::uint32_t variant) {
    Mesh mesh;
    add_motorcycle(mesh, variant, Category::motorcycle);
    return mesh;
}

}  // namespace distillar::simulation
