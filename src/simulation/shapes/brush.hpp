#pragma once
/// Private to sign_faces.cpp.
#include <Eigen/Core>
#include <algorithm>
#include <cstdint>

namespace distillar::simulation {

/// A face being painted: `at` runs from -1 to 1 to the right and up.
struct Brush {
    Eigen::Vector2f at;
    float blur;
    Eigen::Vector3f colour;

    void paint(const Eigen::Vector3f& over, float inside) {
        const float cover = std::clamp(0.5F + inside / blur, 0.0F, 1.0F);
        colour = (1 - cover) * colour + cover * over;
    }
    void disc(const Eigen::Vector3f& over, const Eigen::Vector2f& centre, float radius) {
        paint(over, radius - (at - centre).norm());
    }
    void box(const Eigen::Vector3f& over, const Eigen::Vector2f& centre,
             const Eigen::Vector2f& half) {
        paint(over, (half - (at - centre).cwiseAbs()).minCoeff());
    }
    /// A stroke from a to b.
    void stroke(const Eigen::Vector3f& over, const Eigen::Vector2f& a, const Eigen::Vector2f& b,
                float half_width) {
        const Eigen::Vector2f way = b - a;
        const float share = std::clamp((at - a).dot(way) / way.squaredNorm(), 0.0F, 1.0F);
        paint(over, half_width - (at - a - share * way).norm());
    }
};

/// Paints of signs, linear RGB.
Eigen::Vector3f sign_white();
Eigen::Vector3f sign_black();
Eigen::Vector3f sign_red();
Eigen::Vector3f sign_blue();

/// Seven-segment strokes, rounded: reads as a number.
void paint_digit(Brush& brush, const Eigen::Vector3f& ink, int value, const Eigen::Vector2f& centre,
                 float height);

/// A line of words at height `y`: blocks of random letters' width.
void paint_words(Brush& brush, const Eigen::Vector3f& ink, float y, float height, float from,
                 float to, std::uint32_t seed);

}  // namespace distillar::simulation
