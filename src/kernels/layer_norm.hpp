#pragma once
#include <cstddef>

namespace distillar::kernels {

inline constexpr float norm_epsilon = 1e-5F;

/// Mean and 1 / sqrt(variance + eps) of one row.
struct RowMoments {
    float mean, inverse;
};

/// normed = (x - mean) * inverse for `rows` rows; writes both moments where not null.
void normalise_rows(const float* x, std::size_t rows, std::size_t channels, float* normed,
                    float* means, float* inverses);

/// From known moments.
void normalise_rows_again(const float* x, std::size_t rows, std::size_t channels,
                          const float* means, const float* inverses, float* normed);

/// out = base + inverse * (g - mean(g) - normed * mean(g * normed)): the gradient through the
/// normalisation of each row, added to what comes past it. `g` is the gradient of `normed`.
void normalise_rows_backward(const float* g, const float* normed, const float* inverses,
                             const float* base, std::size_t rows, std::size_t channels, float* out);

}  // namespace distillar::kernels
