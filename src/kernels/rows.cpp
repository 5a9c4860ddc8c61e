#include "kernels/rows.hpp"

#include "kernels/multiversion.hpp"

namespace distillar::kernels {

DISTILLAR_MULTIVERSION
void add_rows(const float* __restrict values, std::size_t rows, std::size_t columns,
              float* __restrict sum) {
    for (std::size_t i = 0; i < rows; ++i) {
        for (std::size_t c = 0; c < columns; ++c) {
            sum[c] += values[i * columns + c];
        }
    }
}

DISTILLAR_MULTIVERSION
void add_scaled_rows(const float* __restrict base, const float* __restrict values,
                     const float* factors, std::size_t rows, std::size_t columns,
                     float* __restrict out) {
    for (std::size_t i = 0; i < rows; ++i) {
        const float factor = factors == nullptr ? 1.0F : factors[i];
        for (std::size_t at = i * columns; at < (i + 1) * columns; ++at) {
            out[at] = base[at] + factor * values[at];
        }
    }
}

DISTILLAR_MULTIVERSION
void scale_rows(const float* __restrict values, const float* factors, std::size_t rows,
                std::size_t columns, float* __restrict out) {
    for (std::size_t i = 0; i < rows; ++i) {
        for (std::size_t at = i * columns; at < (i + 1) * columns; ++at) {
            out[at] = factors[i] * values[at];
        }
    }
}

}  // namespace distillar::kernels
