#pragma once
/// float32 to bf16, rounded to nearest even (NaN is not handled: it does not occur in tokens).
#include <cstdint>

#include "kernels/lanes.hpp"

namespace distillar::kernels {

typedef std::uint16_t Bf16 __attribute__((may_alias));

DISTILLAR_INLINE Bf16 to_bf16(float value) {
    const auto bits = __builtin_bit_cast(std::uint32_t, value);
    return static_cast<Bf16>((bits + 0x7FFFU + ((bits >> 16) & 1U)) >> 16);
}

DISTILLAR_INLINE void store_bf16(const Lanes& values, Bf16* out) {
    typedef std::uint32_t Bits __attribute__((vector_size(64)));
    typedef std::uint16_t Halves __attribute__((vector_size(32), aligned(2), may_alias));
    const auto bits = __builtin_bit_cast(Bits, values);
    const Bits rounded = (bits + 0x7FFFU + ((bits >> 16) & 1U)) >> 16;
    *reinterpret_cast<Halves*>(out) = __builtin_convertvector(rounded, Halves);
}

}  // namespace distillar::kernels
