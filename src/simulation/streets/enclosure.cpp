#include "simulation/streets/enclosure.hpp"

#include <algorithm>
#include <cmath>

#include "simulation/buildings/facade.hpp"
#include "simulation/shapes/noise.hpp"

namespace distillar::simulation {

using Eigen::Vector3f;

namespace {

/// The line that a fence or wall follows: x along it, v above the ground, side to its right.
struct Course {
    Vector3f from, along;  ///< unit, along the slope
    Vector3f side;         ///< unit, level
    float length;

    Course(const Vector3f& start, const Vector3f& end) : from(start) {
        const Vector3f way = end - start;
        length = way.norm();
        along = way / length;
        side = Vector3f(along.y(), -along.x(), 0).normalized();
    }
    Vector3f at(float x, float v, float right = 0) const {
        return from + x * along + right * side + Vector3f(0, 0, v);
    }
};

struct Block {
    float x_begin, x_end, v_begin, v_end, thickness;
};

/// A straight-sided piece of a course; its ends are upright even on a slope.
void add_block(Mesh& mesh, const Course& course, const Block& block, const Surface& surface,
               float shift = 0) {
    const float half = block.thickness / 2;
    const auto p = [&](float x, float v, float right) { return course.at(x, v, right + shift); };
    const float a = block.x_begin, b = block.x_end, low = block.v_begin, high = block.v_end;
    add_quad(mesh, {p(a, low, half), p(b, low, half), p(b, high, half), p(a, high, half)}, surface);
    add_quad(mesh, {p(b, low, -half), p(a, low, -half), p(a, high, -half), p(b, high, -half)},
             surface);
    add_quad(mesh, {p(b, low, half), p(b, low, -half), p(b, high, -half), p(b, high, half)},
             surface);
    add_quad(mesh, {p(a, low, -half), p(a, low, half), p(a, high, half), p(a, high, -half)},
             surface);
    add_quad(mesh, {p(a, high, half), p(b, high, half), p(b, high, -half), p(a, high, -half)},
             surface);
}

/// Evenly spaced places of things at most `spacing` apart, both ends included.
struct Steps {
    int count;
    float step;
    Steps(float length, float spacing)
        : count(std::max(1, static_cast<int>(std::ceil(length / spacing)))),
          step(length / static_cast<float>(count)) {}
    float at(int i) const { return step * static_cast<float>(i); }
};

void add_posts(Mesh& mesh, const Course& course, float spacing, float height, float thickness,
               const Surface& surface) {
    const Steps posts(course.length, spacing);
    const float half = thickness / 2;
    for (int i = 0; i <= posts.count; ++i) {
        const float x = std::clamp(posts.at(i), half, course.length - half);
        add_block(mesh, course, {x - half, x + half, -0.3F, height, thickness}, surface);
    }
}

void add_rail(Mesh& mesh, const Course& course, float v, float height, float thickness,
              const Surface& surface, float shift = 0) {
    add_block(mesh, course, {0, course.length, v - height / 2, v + height / 2, thickness}, surface,
              shift);
}

Surface metal(std::uint32_t seed) {
    const FacadeCode code{FacadeKind::furniture, FacadeZone::trim, 0,
                          static_cast<std::uint8_t>(hash(seed, 1) & 63U)};
    return {Material::facade, Category::fence, pack(code)};
}

Surface timber(std::uint32_t seed) {
    return {Material::wood, Category::fence, static_cast<std::uint16_t>(hash(seed, 2) & 63U)};
}

void add_wire_mesh(Mesh& mesh, const Course& course, float height, std::uint32_t seed) {
    const Surface post = metal(seed);
    add_posts(mesh, course, 2.5F, height + 0.05F, 0.06F, post);
    add_rail(mesh, course, height, 0.03F, 0.03F, post);
    add_quad(
        mesh,
        {course.at(0, 0.03F), course.at(course.length, 0.03F), course.at(course.length, height),
         course.at(0, height)},
        {Material::wire_mesh, Category::fence, static_cast<std::uint16_t>(hash(seed, 3) & 63U)});
}

void add_pickets(Mesh& mesh, const Course& course, float height, std::uint32_t seed) {
    const Surface wood = timber(seed);
    add_posts(mesh, course, 2.2F, height, 0.1F, wood);
    add_rail(mesh, course, 0.25F * height, 0.08F, 0.03F, wood);
    add_rail(mesh, course, 0.78F * height, 0.08F, 0.03F, wood);
    const Steps slats(course.length - 0.09F, 0.15F);
    for (int i = 0; i <= slats.count; ++i) {
        const float x = slats.at(i), rise = 0.02F * hash_unit(seed, static_cast<std::uint32_t>(i));
        add_block(mesh, course, {x, x + 0.085F, 0.06F, height + rise, 0.02F}, wood, 0.025F);
    }
}

void add_railing(Mesh& mesh, const Course& course, float height, std::uint32_t seed) {
    const Surface iron = metal(seed);
    add_posts(mesh, course, 2.4F, height + 0.05F, 0.06F, iron);
    add_rail(mesh, course, height - 0.08F, 0.04F, 0.03F, iron);
    add_rail(mesh, course, 0.14F, 0.04F, 0.03F, iron);
    const Steps bars(course.length - 0.02F, 0.125F);
    for (int i = 0; i <= bars.count; ++i) {
        add_block(mesh, course, {bars.at(i), bars.at(i) + 0.02F, 0.1F, height, 0.02F}, iron);
    }
}

void add_boards(Mesh& mesh, const Course& course, float height, std::uint32_t seed) {
    const Surface wood = timber(seed);
    const Steps panels(course.length, 1.9F);
    for (int i = 0; i < panels.count; ++i) {
        const float top = height + 0.03F * hash_unit(seed, static_cast<std::uint32_t>(i), 5);
        add_block(mesh, course, {panels.at(i) + 0.01F, panels.at(i + 1) - 0.01F, 0.04F, top, 0.03F},
                  wood);
    }
    add_posts(mesh, course, 1.9F, height + 0.08F, 0.1F, wood);
}

}  // namespace

void add_wall(Mesh& mesh, const Vector3f& from, const Vector3f& to, float height,
              std::uint32_t seed) {
    const Course course(from, to);
    const auto number = static_cast<std::uint16_t>(hash(seed, 4) & 63U);
    const float pick = hash_unit(seed, 5);
    const Material material = pick < 0.35F   ? Material::brick
                              : pick < 0.7F  ? Material::plaster
                              : pick < 0.92F ? Material::stone
                                             : Material::concrete;
    const float thickness = material == Material::stone ? 0.4F : 0.24F, coping = 0.07F;
    add_block(mesh, course, {0, course.length, -0.5F, height - coping, thickness},
              {material, Category::wall, number});
    const Surface cap{pick < 0.5F ? Material::stone : Material::concrete, Category::wall, number};
    add_block(mesh, course, {0, course.length, height - coping, height, thickness + 0.08F}, cap);
    if (course.length > 4 && hash_unit(seed, 6) < 0.4F) {  // pillars
        const Steps pillars(course.length, 4);
        for (int i = 0; i <= pillars.count; ++i) {
            const float x = std::clamp(pillars.at(i), 0.2F, course.length - 0.2F);
            add_block(mesh, course, {x - 0.2F, x + 0.2F, -0.5F, height + 0.1F, thickness + 0.14F},
                      {material, Category::wall, number});
        }
    }
}

void add_fence(Mesh& mesh, const Vector3f& from, const Vector3f& to, float height, FenceKind kind,
               std::uint32_t seed) {
    const Course course(from, to);
    switch (kind) {
        case FenceKind::wire_mesh:
            return add_wire_mesh(mesh, course, height, seed);
        case FenceKind::pickets:
            return add_pickets(mesh, course, height, seed);
        case FenceKind::railing:
            return add_railing(mesh, course, height, seed);
        case FenceKind::boards:
            return add_boards(mesh, course, height, seed);
    }
}

}  // namespace distillar::simulation
