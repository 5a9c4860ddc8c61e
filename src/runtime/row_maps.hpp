#pragma once
/// Passes over rows between the products of a block, while it is in the cache.
#include <cstddef>
#include <cstdint>

#include "kernels/bf16.hpp"

namespace distillar::runtime {

/// out = map x + bias for `rows` rows of a few inputs, with `relu` rectified.
/// @param map  inputs x channels, row-major (transposed against a linear layer's weight).
struct NarrowMap {
    std::size_t inputs = 0, channels = 0;
    const float* map = nullptr;
    const float* bias = nullptr;
    bool relu = false;
};
void map_rows(const NarrowMap& map, const float* x, std::size_t rows, float* out);
void map_rows(const NarrowMap& map, const float* x, std::size_t rows, kernels::Bf16* out);
/// Rounded, kept within 0 to 255.
void map_rows(const NarrowMap& map, const float* x, std::size_t rows, std::uint8_t* out);

/// tokens[i] += values[cell_of_point[i]] for `rows` rows.
void add_cells(const float* values, const std::int32_t* cell_of_point, std::size_t rows,
               std::size_t channels, float* tokens);

/// values = values * factor + shift per channel, one row in place.
void scale_row(const float* factor, const float* shift, std::size_t channels, float* values);

/// Rows normalised over their channels (LayerNorm without weight and bias), as bf16.
void normalise_rows(const float* x, std::size_t rows, std::size_t channels, kernels::Bf16* out);

void convert(const float* values, std::size_t count, kernels::Bf16* out);

/// Rows as bytes, round(value * inverse_steps[c] + 128) kept within 0 to 255; `normalised` over
/// their channels first or as they are.
void bytes_of_rows(const float* x, std::size_t rows, std::size_t channels,
                   const float* inverse_steps, bool normalised, std::uint8_t* out);

}  // namespace distillar::runtime
