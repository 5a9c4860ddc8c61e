#pragma once
/// Sixteen floats at a time: sums over channels in an order of their own, whatever the machine.
#include <cstddef>

#include "kernels/multiversion.hpp"

namespace distillar::kernels {

typedef float Lanes __attribute__((vector_size(64), aligned(4), may_alias));
inline constexpr std::size_t lanes = 16;

DISTILLAR_INLINE const Lanes& load(const float* from) {
    return *reinterpret_cast<const Lanes*>(from);
}

DISTILLAR_INLINE Lanes& at(float* to) {
    return *reinterpret_cast<Lanes*>(to);
}

/// Sum of the sixteen values, pairwise.
DISTILLAR_INLINE float total(const Lanes& values) {
    float halves[8];
    for (int i = 0; i < 8; ++i) {
        halves[i] = values[i] + values[i + 8];
    }
    for (int i = 0; i < 4; ++i) {
        halves[i] += halves[i + 4];
    }
    return (halves[0] + halves[2]) + (halves[1] + halves[3]);
}

}  // namespace distillar::kernels
