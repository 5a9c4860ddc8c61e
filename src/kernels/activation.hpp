#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>

#include "kernels/multiversion.hpp"

namespace distillar::kernels {

enum class Activation { relu, gelu };

/// exp(x) for x <= 0, relative error below 2e-7; 0 below -87. Branch-free, so that loops vectorise.
DISTILLAR_INLINE float exp_of_negative(float x) {
    const float clamped = x < -87.0F ? -87.0F : x;
    constexpr float rounder = 12582912.0F;  // 1.5 * 2^23: adding it rounds to an integer
    const float shifted = clamped * 1.44269504F + rounder;
    const float n = shifted - rounder;
    const float r = (clamped - n * 0.693359375F) + n * 2.12194440e-4F;  // ln 2 in two parts
    float p = 1.0F / 720;
    p = p * r + 1.0F / 120;
    p = p * r + 1.0F / 24;
    p = p * r + 1.0F / 6;
    p = p * r + 0.5F;
    p = p * r + 1.0F;
    p = p * r + 1.0F;
    const std::int32_t exponent = (static_cast<std::int32_t>(n) + 127) << 23;
    const float scaled = p * std::bit_cast<float>(exponent);
    return x < -87.0F ? 0.0F : scaled;
}

/// Normal distribution at x: probability below x, and density. Absolute error below 2e-7
/// (erfc as in Abramowitz and Stegun 7.1.26).
struct Normal {
    float below, density;
};
DISTILLAR_INLINE Normal normal_at(float x) {
    const float magnitude = x < 0 ? -x : x;
    const float gauss = exp_of_negative(-0.5F * x * x);
    const float t = 1.0F / (1.0F + 0.3275911F * 0.70710678F * magnitude);
    const float polynomial =
        ((((1.061405429F * t - 1.453152027F) * t + 1.421413741F) * t - 0.284496736F) * t +
         0.254829592F) *
        t;
    const float tail = 0.5F * polynomial * gauss;
    return {x < 0 ? tail : 1.0F - tail, 0.39894228F * gauss};
}

/// out = act(x), elementwise.

void activate(Activation activation, const float* x, std::size_t count, float* out);

/// out = act(x) and gradient *= act'(x), elementwise; the arrays must not overlap.

void activate_backward(Activation activation, const float* x, std::size_t count, float* out,
                       float* gradient);

}  // namespace distillar::kernels
