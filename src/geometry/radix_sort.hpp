#pragma once
#include <cstdint>
#include <vector>

namespace distillar::geometry {

struct KeyedRow {
    std::uint64_t key;
    std::uint32_t row;
};

/// Stable sort by the lowest `bits` bits of the key (0 to 64); higher bits must be zero.
/// @param other  memory to work in, kept by the caller.
void radix_sort(std::vector<KeyedRow>& rows, int bits, std::vector<KeyedRow>& other);

}  // namespace distillar::geometry
