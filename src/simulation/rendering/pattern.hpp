#pragma once
#include <Eigen/Core>
#include <algorithm>
#include <cmath>

namespace distillar::simulation {

// Patterns seen through a pixel `width` wide: every function returns the share of the pixel that
// the pattern covers, so that what is finer than a pixel becomes its own mean. -------------------

/// Share of [x - width/2, x + width/2] inside [begin, end].
inline float band(float x, float begin, float end, float width) {
    const float half = std::max(width, 1e-4F) / 2;
    return std::max(0.0F, std::min(x + half, end) - std::max(x - half, begin)) / (2 * half);
}

/// The same for a band that repeats every `period`; 0 <= begin <= end <= period.
inline float repeated_band(float x, float period, float begin, float end, float width) {
    const auto filled = [&](float at) {  // length of the pattern in [0, at]
        const float whole = std::floor(at / period);
        return whole * (end - begin) + std::clamp(at - whole * period, begin, end) - begin;
    };
    const float half = std::max(width, 1e-4F) / 2;
    return std::clamp((filled(x + half) - filled(x - half)) / (2 * half), 0.0F, 1.0F);
}

/// 1 while details of `size` can be told apart, 0 when a pixel covers them.
inline float visible(float size, float width) {
    return std::clamp(2 - 2 * width / size, 0.0F, 1.0F);
}

template <typename Value>
Value mixed(const Value& a, const Value& b, float share) {
    return (a + share * (b - a)).eval();
}
inline float mixed(float a, float b, float share) {
    return a + share * (b - a);
}

}  // namespace distillar::simulation
