#include "simulation/shapes/brush.hpp"

#include <array>

#include "simulation/shapes/noise.hpp"

namespace distillar::simulation {

using Eigen::Vector2f;
using Eigen::Vector3f;

Vector3f sign_white() {
    return colour(222, 222, 216);
}
Vector3f sign_black() {
    return colour(28, 28, 30);
}
Vector3f sign_red() {
    return colour(176, 28, 34);
}
Vector3f sign_blue() {
    return colour(24, 72, 150);
}

void paint_digit(Brush& brush, const Vector3f& ink, int value, const Vector2f& centre,
                 float height) {
    constexpr std::array<std::uint8_t, 10> segments = {0x3f, 0x06, 0x5b, 0x4f, 0x66,
                                                       0x6d, 0x7d, 0x07, 0x7f, 0x6f};
    const float x = 0.26F * height;
    const float y = 0.5F * height;
    const std::array<Vector2f, 6> corners = {Vector2f(-x, y), Vector2f(x, y),   Vector2f(x, 0),
                                             Vector2f(x, -y), Vector2f(-x, -y), Vector2f(-x, 0)};
    constexpr std::array<std::array<std::size_t, 2>, 7> ends = {
        {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}, {5, 0}, {5, 2}}};
    for (std::size_t i = 0; i < ends.size(); ++i) {
        if ((segments[static_cast<std::size_t>(value)] >> i & 1) == 0) continue;
        brush.stroke(ink, centre + corners[ends[i][0]], centre + corners[ends[i][1]],
                     0.085F * height);
    }
}

void paint_words(Brush& brush, const Vector3f& ink, float y, float height, float from, float to,
                 std::uint32_t seed) {
    float x = from;
    for (std::uint32_t letter = 0; x < to; ++letter) {
        const float width = height * (0.35F + 0.25F * hash_unit(seed, letter, 1));
        const bool space = hash_unit(seed, letter, 2) < 0.15F;
        if (!space) {
            brush.box(ink, {x + 0.5F * width, y}, {0.4F * width, 0.5F * height});
            brush.box(brush.colour * 0.5F + sign_white() * 0.1F, {x + 0.5F * width, y},
                      {0.14F * width, 0.2F * height});
        }
        x += 1.25F * width;
    }
}

}  // namespace distillar::simulation
