#pragma once
/// Passes of a batch norm over rows x channels, one thread's share of the rows.
#include <cstddef>

#include "kernels/batch_norm.hpp"

namespace distillar::kernels {

/// sum[c] += the rows' differences to origin[c].
void add_differences(const float* x, const float* origin, std::size_t rows, std::size_t channels,
                     float* sum);

/// sum[c] += the squares of the rows' differences to mean[c].
void add_squares(const float* x, const float* mean, std::size_t rows, std::size_t channels,
                 float* sum);

/// Rows [begin, end): sums[0] += gradient * normed, sums[1] += gradient (2 x C).
void add_batch_norm_gradients(const BatchNormBackward& norm, const float* gradient,
                              std::size_t begin, std::size_t end, float* sums);

/// Rows [begin, end): out = weight * inverse * (gradient - shift - normed * slope), where shift and
/// slope are the columns' means of gradient and gradient * normed.
void spread_batch_norm_gradient(const BatchNormBackward& norm, const float* gradient,
                                const float* slope, const float* shift, std::size_t begin,
                                std::size_t end, float* out);

}  // namespace distillar::kernels
