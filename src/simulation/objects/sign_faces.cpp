#include "simulation/objects/sign_faces.hpp"

#include <algorithm>
#include <cmath>

#include "simulation/shapes/brush.hpp"
#include "simulation/shapes/noise.hpp"

namespace distillar::simulation {
namespace {

using Eigen::Vector2f;
using Eigen::Vector3f;

/// How far inside a triangle over the whole box; `up` 1: point up, -1: point down.
float inside_triangle(const Vector2f& at, float up) {
    const float half_width = 0.5F * (1 - up * at.y());
    return std::min(0.89F * (half_width - std::abs(at.x())), 1 + up * at.y());
}

void paint_walker(Brush& brush, const Vector3f& ink, float size) {
    brush.disc(ink, {0.05F * size, 0.62F * size}, 0.14F * size);
    brush.stroke(ink, {0.02F, 0.4F * size}, {0, -0.05F * size}, 0.13F * size);
    brush.stroke(ink, {0, -0.05F * size}, {0.3F * size, -0.7F * size}, 0.08F * size);
    brush.stroke(ink, {0, -0.05F * size}, {-0.3F * size, -0.7F * size}, 0.08F * size);
    brush.stroke(ink, {0.02F, 0.35F * size}, {0.34F * size, 0.02F}, 0.06F * size);
    brush.stroke(ink, {0.02F, 0.35F * size}, {-0.32F * size, 0.05F}, 0.06F * size);
}

void paint_arrow(Brush& brush, const Vector3f& ink, const Vector2f& foot, const Vector2f& tip,
                 float width) {
    const Vector2f way = (tip - foot).normalized();
    const Vector2f side(-way.y(), way.x());
    brush.stroke(ink, foot, tip, width);
    brush.stroke(ink, tip, tip - 2.6F * width * (way - side), width);
    brush.stroke(ink, tip, tip - 2.6F * width * (way + side), width);
}

void paint_stop(Brush& brush) {
    const Vector2f away = brush.at.cwiseAbs();
    const float rim = 0.93F - std::max({away.x(), away.y(), 0.7071F * away.sum()});
    brush.paint(sign_red(), rim);
    const Vector3f ink = sign_white();
    paint_digit(brush, ink, 5, {-0.6F, 0}, 0.5F);  // reads as S
    brush.stroke(ink, {-0.36F, 0.25F}, {-0.06F, 0.25F}, 0.045F);
    brush.stroke(ink, {-0.21F, 0.25F}, {-0.21F, -0.25F}, 0.045F);
    paint_digit(brush, ink, 0, {0.19F, 0}, 0.5F);
    brush.stroke(ink, {0.46F, -0.25F}, {0.46F, 0.25F}, 0.045F);
    brush.stroke(ink, {0.46F, 0.25F}, {0.68F, 0.25F}, 0.045F);
    brush.stroke(ink, {0.46F, 0}, {0.68F, 0}, 0.045F);
    brush.stroke(ink, {0.7F, 0.22F}, {0.7F, 0.03F}, 0.045F);
}

void paint_speed_limit(Brush& brush, std::uint32_t paint) {
    brush.disc(sign_red(), {0, 0}, 0.97F);
    brush.disc(sign_white(), {0, 0}, 0.74F);
    paint_digit(brush, sign_black(), 2 + static_cast<int>(hash(paint, 5) % 7), {-0.28F, 0}, 0.72F);
    paint_digit(brush, sign_black(), 0, {0.28F, 0}, 0.72F);
}

void paint_crossing(Brush& brush) {
    brush.box(sign_blue(), {0, 0}, {0.94F, 0.94F});
    brush.paint(sign_white(), inside_triangle(brush.at / 0.85F, 1));
    paint_walker(brush, sign_black(), 0.5F);
    for (const float x : {-0.45F, -0.15F, 0.15F, 0.45F}) {
        brush.stroke(sign_black(), {x, -0.5F}, {1.3F * x, -0.72F}, 0.06F);
    }
}

void paint_direction(Brush& brush, bool coloured, std::uint32_t paint) {
    const bool green = hash(paint, 6) % 3 == 0;
    const Vector3f ground = !coloured ? sign_white() : green ? colour(20, 92, 58) : sign_blue();
    const Vector3f ink = coloured ? sign_white() : sign_black();
    brush.colour = ink;
    brush.box(ground, {0, 0}, {0.97F, 0.93F});
    paint_words(brush, ink, 0.45F, 0.3F, -0.55F, 0.2F + 0.6F * hash_unit(paint, 7), paint);
    paint_words(brush, ink, -0.1F, 0.3F, -0.55F, 0.1F + 0.7F * hash_unit(paint, 8), paint + 1);
    paint_words(brush, ink, -0.6F, 0.25F, -0.55F, 0.1F, paint + 2);
    paint_arrow(brush, ink, {-0.8F, -0.6F}, {-0.8F, 0.6F}, 0.05F);
}

void paint_diamond(Brush& brush, bool works) {
    const float inside = 0.7071F * (1 - brush.at.cwiseAbs().sum());
    const Vector3f yellow = works ? colour(236, 150, 24) : colour(240, 188, 32);
    brush.colour = works ? sign_black() : sign_white();
    brush.paint(yellow, inside - (works ? 0.05F : 0.17F));
    if (works) paint_walker(brush, sign_black(), 0.55F);
}

void paint_triangle(Brush& brush, float up) {
    brush.colour = sign_red();
    brush.paint(sign_white(), inside_triangle(brush.at, up) - 0.2F);
    if (up < 0) return;
    brush.stroke(sign_black(), {0, 0.25F}, {0, -0.25F}, 0.075F);
    brush.disc(sign_black(), {0, -0.5F}, 0.09F);
}

void paint_no_parking(Brush& brush) {
    brush.disc(sign_red(), {0, 0}, 0.97F);
    brush.disc(sign_blue(), {0, 0}, 0.76F);
    brush.stroke(sign_red(), {-0.6F, 0.6F}, {0.6F, -0.6F}, 0.1F);
}

void paint_no_entry(Brush& brush) {
    brush.disc(sign_red(), {0, 0}, 0.96F);
    brush.box(sign_white(), {0, 0}, {0.7F, 0.16F});
}

void paint_turn(Brush& brush, std::uint32_t paint) {
    brush.disc(sign_blue(), {0, 0}, 0.95F);
    const float angle = static_cast<float>(hash(paint, 9) % 3) * 0.785F;
    const Vector2f way(std::sin(angle), std::cos(angle));
    paint_arrow(brush, sign_white(), -0.6F * way, 0.55F * way, 0.1F);
}

void paint_parking(Brush& brush) {
    brush.box(sign_blue(), {0, 0}, {0.92F, 0.94F});
    brush.stroke(sign_white(), {-0.3F, 0.6F}, {-0.3F, -0.6F}, 0.11F);
    brush.disc(sign_white(), {-0.02F, 0.27F}, 0.42F);
    brush.disc(sign_blue(), {-0.05F, 0.27F}, 0.18F);
}

void paint_plate(Brush& brush, std::uint32_t paint) {
    brush.colour = sign_black();
    brush.box(sign_white(), {0, 0}, {0.94F, 0.9F});
    paint_words(brush, sign_black(), 0.3F, 0.36F, -0.7F, 0.6F, paint);
    paint_words(brush, sign_black(), -0.35F, 0.36F, -0.7F, 0.3F, paint + 3);
}

}  // namespace

Eigen::Vector3f sign_colour(Sign sign, const Vector2f& uv, float blur, std::uint32_t paint) {
    Brush brush{2 * uv - Vector2f::Ones(), std::max(0.02F, 2 * blur), sign_white()};
    switch (sign) {
        case Sign::stop:
            paint_stop(brush);
            break;
        case Sign::yield:
            paint_triangle(brush, -1);
            break;
        case Sign::speed_limit:
            paint_speed_limit(brush, paint);
            break;
        case Sign::no_entry:
            paint_no_entry(brush);
            break;
        case Sign::turn:
            paint_turn(brush, paint);
            break;
        case Sign::warning:
            paint_triangle(brush, 1);
            break;
        case Sign::crossing:
            paint_crossing(brush);
            break;
        case Sign::parking:
            paint_parking(brush);
            break;
        case Sign::direction:
            paint_direction(brush, false, paint);
            break;
        case Sign::direction_blue:
            paint_direction(brush, true, paint);
            break;
        case Sign::priority:
            paint_diamond(brush, false);
            break;
        case Sign::works:
            paint_diamond(brush, true);
            break;
        case Sign::no_parking:
            paint_no_parking(brush);
            break;
        case Sign::plate:
            paint_plate(brush, paint);
            break;
    }
    return brush.colour;
}

Eigen::Vector3f poster_colour(const Vector2f& uv, float blur, std::uint32_t paint) {
    const Vector2f size(1.1F, 1.5F);
    const Vector2f cell = uv.cwiseQuotient(size).array().floor();
    const auto column = static_cast<std::uint32_t>(static_cast<int>(cell.x()));
    const auto row = static_cast<std::uint32_t>(static_cast<int>(cell.y()));
    const std::uint32_t seed = hash(paint, column, row);
    const auto tone = [&](std::uint32_t which) -> Vector3f {
        return Vector3f(hash_unit(seed, which, 0), hash_unit(seed, which, 1),
                        hash_unit(seed, which, 2)) *
                   0.6F +
               Vector3f::Constant(0.05F);
    };
    const Vector2f within = uv - cell.cwiseProduct(size);
    Brush brush{2 * within.cwiseQuotient(size) - Vector2f::Ones(), std::max(0.02F, 2 * blur),
                tone(0)};
    brush.box(tone(1), {0, 0.3F * hash_unit(seed, 4)}, {0.9F, 0.55F});
    brush.disc(tone(2), {hash_unit(seed, 5) - 0.5F, 0.2F}, 0.2F + 0.3F * hash_unit(seed, 6));
    paint_words(brush, sign_white(), -0.7F, 0.16F, -0.8F, 0.5F, seed);
    paint_words(brush, tone(3), 0.8F, 0.12F, -0.8F, 0.7F, seed + 1);
    return brush.colour;
}

}  // namespace distillar::simulation
