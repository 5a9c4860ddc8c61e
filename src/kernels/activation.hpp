#pragma once
#include <cstddef>

namespace distillar::kernels {

enum class Activation { relu, gelu };

/// out = act(x), elementwise.
void activate(Activation activation, const float* x, std::size_t count, float* out);

/// out = act(x) and gradient *= act'(x), elementwise; the arrays must not overlap.
void activate_backward(Activation activation, const float* x, std::size_t count, float* out,
                       float* gradient);

}  // namespace distillar::kernels
