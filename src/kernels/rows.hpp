#pragma once
#include <cstddef>

namespace distillar::kernels {

/// sum[c] += values[i][c] over the rows, in their order.
void add_rows(const float* values, std::size_t rows, std::size_t columns, float* sum);

/// out[i] = base[i] + factors[i] * values[i] per row; null factors: 1.
void add_scaled_rows(const float* base, const float* values, const float* factors, std::size_t rows,
                     std::size_t columns, float* out);

/// out[i] = factors[i] * values[i] per row.
void scale_rows(const float* values, const float* factors, std::size_t rows, std::size_t columns,
                float* out);

/// out = x * factor + shift per column; x and out may be the same.
void apply_affine(const float* x, const float* factor, const float* shift, std::size_t rows,
                  std::size_t columns, float* out);

}  // namespace distillar::kernels
