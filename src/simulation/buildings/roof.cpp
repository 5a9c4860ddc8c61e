#include "simulation/buildings/roof.hpp"

#include <algorithm>
#include <cmath>

#include "simulation/buildings/facade_wall.hpp"

namespace distillar::simulation {

using Eigen::Vector3f;

namespace {

constexpr float thickness = 0.16F;

Surface tiles(const RoofPlan& plan) {
    return {Material::roof_tiles, Category::building, plan.number};
}

Vector3f lifted(const Vector3f& point, float height) {
    return point + Vector3f(0, 0, height);
}

constexpr float high = 6;  ///< texture of gables: metres above the street's splashes

void add_flat_triangle(Mesh& mesh, const std::array<Vector3f, 3>& corners, const Surface& surface) {
    const Vector3f normal = (corners[1] - corners[0]).cross(corners[2] - corners[0]).normalized();
    const Vector3f along = (corners[1] - corners[0]).normalized();
    const Vector3f up = normal.cross(along);
    const auto uv = [&](const Vector3f& at) {
        return Eigen::Vector2f((at - corners[0]).dot(along), high + (at - corners[0]).dot(up));
    };
    const auto first = mesh.add_vertex({corners[0], normal, uv(corners[0])});
    mesh.add_vertex({corners[1], normal, uv(corners[1])});
    mesh.add_vertex({corners[2], normal, uv(corners[2])});
    mesh.add_triangle(first, first + 1, first + 2, surface);
}

/// A slope with its underside and its edges: eaves a -> b, ridge c -> d.
void add_slope(Mesh& mesh, const std::array<Vector3f, 4>& top, const RoofPlan& plan) {
    add_quad(mesh, top, tiles(plan));
    std::array<Vector3f, 4> low;
    for (std::size_t i = 0; i < 4; ++i) {
        low[i] = lifted(top[i], -thickness);
    }
    const Surface trim = facade_surface(with_zone(plan.wall, FacadeZone::trim));
    add_quad(mesh, {low[3], low[2], low[1], low[0]}, trim);
    for (const std::size_t i : {0U, 1U, 3U}) {  // the ridge's edge stays hidden
        const std::size_t next = (i + 1) % 4;
        add_quad(mesh, {low[i], low[next], top[next], top[i]}, trim);
    }
}

/// Eaves of one edge: the slope goes on past the wall, falling.
Outline eaves_of(const Outline& outline, const RoofPlan& plan, bool all_around) {
    const float half = depth_of(outline) / 2;
    const float side = all_around ? plan.eaves : plan.rake;
    const Outline wide = offset(outline, {plan.eaves, side, plan.eaves, side});
    return at_height(wide, outline[0].z() + thickness - plan.eaves * plan.height / half);
}

}  // namespace

void add_gable_roof(Mesh& mesh, const Outline& outline, const RoofPlan& plan) {
    const Outline eaves = eaves_of(outline, plan, false);
    const float top = outline[0].z() + plan.height;
    const auto middle = [](const Vector3f& a, const Vector3f& b, float z) {
        return Vector3f((a.x() + b.x()) / 2, (a.y() + b.y()) / 2, z);
    };
    const Vector3f left = middle(eaves[0], eaves[3], top + thickness);
    const Vector3f right = middle(eaves[1], eaves[2], top + thickness);
    add_slope(mesh, {eaves[0], eaves[1], right, left}, plan);
    add_slope(mesh, {eaves[2], eaves[3], left, right}, plan);
    const Surface wall = facade_surface(with_zone(plan.wall, FacadeZone::blind));
    add_flat_triangle(mesh, {outline[3], outline[0], middle(outline[0], outline[3], top)}, wall);
    add_flat_triangle(mesh, {outline[1], outline[2], middle(outline[1], outline[2], top)}, wall);
}

void add_hip_roof(Mesh& mesh, const Outline& outline, const RoofPlan& plan) {
    const Outline eaves = eaves_of(outline, plan, true);
    const float width = width_of(outline), depth = depth_of(outline);
    const float inset = std::min(depth / 2, width * 0.45F) / width;
    const Outline ridge = part(outline, {inset, 1 - inset}, {0.5F, 0.5F});
    const Vector3f left = lifted(ridge[0], plan.height + thickness);
    const Vector3f right = lifted(ridge[1], plan.height + thickness);
    add_quad(mesh, {eaves[0], eaves[1], right, left}, tiles(plan));
    add_quad(mesh, {eaves[2], eaves[3], left, right}, tiles(plan));
    add_flat_triangle(mesh, {eaves[1], eaves[2], right}, tiles(plan));
    add_flat_triangle(mesh, {eaves[3], eaves[0], left}, tiles(plan));
    const Surface trim = facade_surface(with_zone(plan.wall, FacadeZone::trim));
    for (std::size_t i = 0; i < 4; ++i) {
        const Vector3f &a = eaves[i], &b = eaves[(i + 1) % 4];
        add_quad(mesh, {lifted(a, -thickness), lifted(b, -thickness), b, a}, trim);
    }
    add_quad(mesh,
             {lifted(eaves[3], -thickness), lifted(eaves[2], -thickness),
              lifted(eaves[1], -thickness), lifted(eaves[0], -thickness)},
             trim);
}

void add_mansard_roof(Mesh& mesh, const Outline& outline, const RoofPlan& plan) {
    const Outline foot = offset(outline, 0.05F);
    Outline top = offset(outline, -0.38F * plan.height);
    for (std::size_t i = 0; i < 4; ++i) {
        top[i].z() += plan.height;
    }
    for (std::size_t i = 0; i < 4; ++i) {
        const std::size_t next = (i + 1) % 4;
        add_quad(mesh, {foot[i], foot[next], top[next], top[i]}, tiles(plan));
    }
    add_quad(mesh, top, {Material::flat_roof, Category::building, plan.number});
}

void add_flat_roof(Mesh& mesh, const Outline& outline, float sunk, const RoofPlan& plan) {
    const Outline inner = offset(outline, -0.3F);
    Outline roof = inner;
    const Surface trim = facade_surface(with_zone(plan.wall, FacadeZone::trim));
    const Surface wall = facade_surface(with_zone(plan.wall, FacadeZone::blind));
    for (Vector3f& corner : roof) {
        corner.z() -= sunk;
    }
    for (std::size_t i = 0; i < 4; ++i) {
        const std::size_t next = (i + 1) % 4;
        add_quad(mesh, {outline[i], outline[next], inner[next], inner[i]}, trim);
        add_quad(mesh, {roof[next], roof[i], inner[i], inner[next]}, wall);
    }
    add_quad(mesh, roof, {Material::flat_roof, Category::building, plan.number});
}

void add_dormer(Mesh& mesh, const Outline& outline, const Dormer& dormer, const RoofPlan& plan) {
    const FacadeLayout layout = layout_of(plan.wall);
    const WallPlane wall = wall_plane(outline[0], outline[1], outline[0].z());
    const float border = 0.13F, window = std::min(layout.head - layout.sill, 1.5F);
    const float width = std::min(layout.right - layout.left, 1.5F) + 2 * border;
    const float height = window + 2 * border;
    const Span x{dormer.x - width / 2, dormer.x + width / 2};
    const Span v{dormer.foot, dormer.foot + height};
    const FacadeCode code = with_zone(plan.wall, FacadeZone::windows);
    // Texture: the cell of a window on an upper floor, so that it shows exactly one.
    const float floor = layout.ground_height + layout.head - window - border;
    const auto first = static_cast<std::uint32_t>(mesh.vertices.size());
    add_wall_rect(mesh, wall, x, v, dormer.depth, code,
                  (layout.left + layout.right) / 2 - width / 2);
    for (std::uint32_t i = first; i < first + 4; ++i) {
        mesh.vertices[i].uv.y() += floor - v.begin;
    }
    const float back = dormer.depth + dormer.length;
    const Surface side = tiles(plan);
    const auto p = [&](float at, float up, float depth) { return wall.at(at, up, depth); };
    add_quad(mesh,
             {p(x.begin, v.begin, back), p(x.begin, v.begin, dormer.depth),
              p(x.begin, v.end, dormer.depth), p(x.begin, v.end, back)},
             side);
    add_quad(mesh,
             {p(x.end, v.begin, dormer.depth), p(x.end, v.begin, back), p(x.end, v.end, back),
              p(x.end, v.end, dormer.depth)},
             side);
    const float over = 0.12F;
    add_quad(
        mesh,
        {p(x.begin - over, v.end, dormer.depth - over), p(x.end + over, v.end, dormer.depth - over),
         p(x.end + over, v.end + over, back), p(x.begin - over, v.end + over, back)},
        side);
    add_ledge(mesh, {wall.at(0, 0, dormer.depth), wall.along, wall.outward, wall.length},
              {x.begin - over, x.end + over}, {v.end - 0.08F, v.end}, over,
              with_zone(plan.wall, FacadeZone::trim));
}

void add_chimney(Mesh& mesh, const Vector3f& foot, float height, const RoofPlan& plan) {
    const Vector3f size(0.6F, 0.9F, height);
    const auto number = static_cast<std::uint16_t>(plan.number % 4);
    add_box(mesh, lifted(foot, height / 2), size, {Material::brick, Category::building, number});
    add_box(mesh, lifted(foot, height + 0.05F), Vector3f(0.75F, 1.05F, 0.1F),
            {Material::concrete, Category::building, 0});
}

}  // namespace distillar::simulation
