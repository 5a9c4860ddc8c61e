#pragma once
#include <cstddef>

namespace distillar::kernels {

/// out (rows x outputs) = x (rows x inputs) W^T + bias; W is outputs x inputs with `weight_stride`
/// floats from row to row, the bias may be null.
struct Linear {
    std::size_t rows = 0;
    std::size_t inputs = 0;
    std::size_t outputs = 0;
    const float* x = nullptr;
    const float* weight = nullptr;
    std::size_t weight_stride = 0;
};

void linear_forward(const Linear& layer, const float* bias, float* out);

/// gradient_x = gradient W.
void linear_backward_input(const Linear& layer, const float* gradient, float* gradient_x);

/// gradient_weight (outputs x inputs, dense) = gradient^T x; gradient_bias = column sums.
void linear_backward_weight(const Linear& layer, const float* gradient, float* gradient_weight,
                            float* gradient_bias);

}  // namespace distillar::kernels
