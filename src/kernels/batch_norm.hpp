#pragma once
#include <cstddef>

namespace distillar::kernels {

/// Mean and variance (over n) of each column of a row-major matrix. Each chunk of rows is centred
/// on its own mean; chunks are combined in order in float64 (Chan et al.).
void column_moments(const float* x, std::size_t rows, std::size_t channels, float* mean,
                    float* variance);

/// out = x * factor + shift per column.
void scale_columns(const float* x, std::size_t rows, std::size_t channels, const float* factor,
                   const float* shift, float* out);

/// Gradients of out = (x - mean) * inverse * weight + bias, mean and inverse = 1 / sqrt(variance +
/// eps) being the rows' own statistics (`own`) or constants.
struct BatchNormBackward {
    std::size_t rows = 0;
    std::size_t channels = 0;
    const float* x = nullptr;
    const float* mean = nullptr;
    const float* inverse = nullptr;
    const float* weight = nullptr;
    bool own = true;
};
/// @param gradient_x  N x C or null: not needed.
void batch_norm_backward(const BatchNormBackward& norm, const float* gradient, float* gradient_x,
                         float* gradient_weight, float* gradient_bias);

}  // namespace distillar::kernels
