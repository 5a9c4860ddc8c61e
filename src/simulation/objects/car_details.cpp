#include <algorithm>
#include <cmath>

#include "simulation/objects/car_design.hpp"

namespace distillar::simulation {

using Eigen::Vector3f;

namespace {

/// Dark tub with seats: what lidar pulses meet behind the windows.
void add_interior(Mesh& mesh, const Body& body) {
    const CarDesign& d = body.design;
    const Surface dark{Material::dark_plastic, car_category(d), 0};
    const auto x = [&](float s) { return d.length / 2 - s; };
    const float half = d.width / 2 - 0.32F;
    const float floor = d.clearance + 0.05F, seat = 0.62F * d.belt_front;
    const float end = d.kind == VehicleKind::pickup ? d.roof_s : d.length - 0.3F;
    add_box(mesh, {x((0.35F + end) / 2), 0, (floor + seat) / 2},
            {end - 0.35F, 2 * half, seat - floor}, dark);
    const float engine = d.bonnet - 0.12F, dashboard = d.cowl - 0.12F;
    add_box(mesh, {x((0.45F + d.cowl_s) / 2), 0, (floor + engine) / 2},
            {d.cowl_s - 0.45F, 1.4F * half, engine - floor}, dark);
    add_box(mesh, {x(d.cowl_s + 0.27F), 0, (floor + dashboard) / 2},
            {0.5F, 2 * half, dashboard - floor}, dark);
    const float lean = 0.25F;
    for (float s = d.window_front + 0.75F; body.top(s + 0.25F) > seat + 0.85F; s += 0.95F) {
        for (const float y : {-0.5F * half - 0.05F, 0.5F * half + 0.05F}) {
            const Eigen::Matrix3f back =
                Eigen::AngleAxisf(-lean, Vector3f::UnitY()).toRotationMatrix();
            add_box(mesh, {x(s), y, seat + 0.3F}, {0.14F, 0.46F, 0.62F}, dark, back);
            add_box(mesh, {x(s + 0.09F), y, seat + 0.70F}, {0.09F, 0.26F, 0.18F}, dark, back);
        }
    }
}

void add_mirrors(Mesh& mesh, const Body& body) {
    const CarDesign& d = body.design;
    const Category category = car_category(d);
    const float s = d.window_front + 0.10F;
    const bool tall = d.height > 1.9F && d.kind == VehicleKind::van;
    const Vector3f size = tall ? Vector3f(0.12F, 0.20F, 0.28F) : Vector3f(0.13F, 0.20F, 0.13F);
    for (const float side : {-1.0F, 1.0F}) {
        const Vector3f centre(d.length / 2 - s, side * (d.width / 2 + 0.06F),
                              d.belt_front + 0.02F + size.z() / 2);
        add_soft_box(mesh, centre, size, 0.03F,
                     {tall ? Material::dark_plastic : Material::car_paint, category, d.index});
        add_box(mesh, centre - Vector3f(size.x() / 2, 0, 0),
                {0.004F, size.y() - 0.06F, size.z() - 0.05F}, {Material::chrome, category, 0});
        add_box(mesh, centre - Vector3f(0, side * 0.12F, size.z() / 2 - 0.03F),
                {0.06F, 0.12F, 0.04F}, {Material::dark_plastic, category, 0});
    }
}

/// Of the front door and, where there is a pillar to part them, of the one behind it.
void add_handles(Mesh& mesh, const Body& body) {
    const CarDesign& d = body.design;
    std::vector<float> ends = d.pillars;
    if (ends.size() < 2) {
        ends.push_back(d.window_rear);
    }
    for (std::size_t door = 0; door < std::min<std::size_t>(ends.size(), 2); ++door) {
        const Vector3f at = body.point(ends[door] - (door == 0 ? 0.14F : 0.16F), 7);
        for (const float side : {-1.0F, 1.0F}) {
            add_soft_box(mesh, {at.x(), side * at.y(), at.z() - 0.02F}, {0.19F, 0.035F, 0.03F},
                         0.01F, {Material::car_paint, car_category(d), d.index});
        }
    }
}

void add_plates(Mesh& mesh, const CarDesign& d) {
    const Surface plate{Material::plate, car_category(d), 0};
    const bool high = d.kind == VehicleKind::sedan;
    add_box(mesh, {d.length / 2 + 0.005F, 0, d.nose - 0.04F}, {0.02F, 0.52F, 0.11F}, plate);
    add_box(mesh, {-d.length / 2 - 0.005F, 0, d.nose + (high ? 0.12F : 0.02F)},
            {0.03F, 0.52F, 0.11F}, plate);
}

/// Wipers and an antenna.
void add_wipers(Mesh& mesh, const Body& body) {
    const CarDesign& d = body.design;
    const Surface dark{Material::dark_plastic, car_category(d), 0};
    const float step = (d.header_s - d.cowl_s) * 0.17F;
    for (const float y : {0.02F, 0.52F}) {
        const auto on_glass = [&](float s, float side) -> Vector3f {
            const float across = side / body.half_width(s);
            return {d.length / 2 - s - body.bow(s) * across * across, side, body.top(s) + 0.01F};
        };
        add_cylinder(mesh, on_glass(d.cowl_s + 0.3F * step, y),
                     on_glass(d.cowl_s + step, y - 0.48F), 0.011F, 0.008F, 5, dark);
    }
    const Vector3f foot(d.length / 2 - d.roof_s + 0.12F, 0, body.top(d.roof_s - 0.12F) - 0.01F);
    add_cylinder(mesh, foot, foot + Vector3f(-0.07F, 0, 0.045F), 0.03F, 0.01F, 6, dark);
}

void add_roof_rails(Mesh& mesh, const Body& body) {
    const CarDesign& d = body.design;
    for (const float side : {-1.0F, 1.0F}) {
        std::vector<TubeRing> path;
        for (int i = 0; i <= 4; ++i) {
            const float share = static_cast<float>(i) / 4;
            const float s = d.header_s + 0.15F + share * (d.roof_s - d.header_s - 0.35F);
            const Vector3f at = body.point(s, 16);
            const float lift = i == 0 || i == 4 ? -0.01F : 0.035F;
            path.push_back({{at.x(), side * (at.y() + 0.04F), at.z() + lift}, 0.016F, 0.014F});
        }
        add_tube(mesh, path, Vector3f::UnitY(), 6, {Material::dark_plastic, car_category(d), 0});
    }
}

/// The open box of a pickup, let into its body from above.
void cut_bed(Shell& shell, Mesh& mesh, const CarDesign& d) {
    const Surface inside{Material::dark_plastic, car_category(d), 0};
    const float front = d.length / 2 - d.deck_s - 0.06F, rear = -d.length / 2 + 0.09F;
    const float half = d.width / 2 - 0.19F, floor = 0.68F, rim = d.deck - 0.07F;
    erase(shell, cut(shell,
                     [&](const Vector3f& at, const Vector3f& normal, const Surface&) {
                         return at.z() > rim && normal.z() > 0.3F && at.x() < front + 0.3F;
                     },
                     {[=](const Vector3f& at) { return at.x() - front; },
                      [=](const Vector3f& at) { return rear - at.x(); },
                      [=](const Vector3f& at) { return at.y() - half; }}));
    const auto corner = [&](float x, float y, float z) { return Vector3f(x, y, z); };
    const Vector3f a = corner(rear, -half, floor), b = corner(front, -half, floor),
                   c = corner(front, half, floor), e = corner(rear, half, floor);
    const Vector3f up(0, 0, d.deck + 0.02F - floor);
    add_quad(mesh, {a, b, c, e}, inside);
    add_quad(mesh, {b, a, a + up, b + up}, inside);
    add_quad(mesh, {e, c, c + up, e + up}, inside);
    add_quad(mesh, {c, b, b + up, c + up}, inside);
    add_quad(mesh, {a, e, e + up, a + up}, inside);
}

}  // namespace

void add_car_details(Mesh& mesh, const Body& body) {
    const CarDesign& d = body.design;
    const float width = d.wheel_radius > 0.36F ? 0.25F : 0.21F;
    for (const float axle : {d.axle_front, d.axle_rear}) {
        for (const float side : {-1.0F, 1.0F}) {
            add_wheel(
                mesh,
                {d.length / 2 - axle, side * (d.width / 2 - 0.025F - width / 2), d.wheel_radius},
                d.wheel_radius, width, side > 0, d.spokes, car_category(d));
        }
    }
    add_interior(mesh, body);
    add_wipers(mesh, body);
    add_mirrors(mesh, body);
    add_handles(mesh, body);
    add_plates(mesh, d);
    if (d.roof_rails) {
        add_roof_rails(mesh, body);
    }
}

Mesh make_car(const CarDesign& design) {
    const Body body(design);
    Shell shell = half_body(body);
    Mesh bed;
    if (design.kind == VehicleKind::pickup) {
        cut_bed(shell, bed, design);
    }
    mirror(shell);
    Mesh mesh = finish(shell, 38);
    append(mesh, bed, Eigen::Isometry3f::Identity());
    add_car_details(mesh, body);
    return mesh;
}

}  // namespace distillar::simulation
