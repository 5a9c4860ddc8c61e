#include "kernels/linear.hpp"

#include <algorithm>
#include <cstring>

#include "base/thread_pool.hpp"
#include "kernels/chunks.hpp"
#include "kernels/gemm.hpp"
#include "kernels/rows.hpp"

namespace distillar::kernels {

namespace {

constexpr std::size_t block_rows = 96;

}  // namespace

void linear_forward(const Linear& layer, const float* bias, float* out) {
    const Factor weight(layer.weight, layer.inputs, layer.outputs, 1, layer.weight_stride, bias);
    base::parallel_for(layer.rows, block_rows, [&](std::size_t begin, std::size_t end) {
        multiply(layer.x + begin * layer.inputs, layer.inputs, end - begin, weight,
                 out + begin * layer.outputs, layer.outputs);
    });
}

void linear_backward_input(const Linear& layer, const float* gradient, float* gradient_x) {
    const Factor weight(layer.weight, layer.outputs, layer.inputs, layer.weight_stride, 1);
    base::parallel_for(layer.rows, block_rows, [&](std::size_t begin, std::size_t end) {
        multiply(gradient + begin * layer.outputs, layer.outputs, end - begin, weight,
                 gradient_x + begin * layer.inputs, layer.inputs);
    });
}

void linear_backward_weight(const Linear& layer, const float* gradient, float* gradient_weight,
                            float* gradient_bias) {
    // The narrower matrix goes on the left: the right one is read in whole vectors.
    const bool flip = layer.inputs < layer.outputs && layer.inputs < 16;
    const std::size_t square = layer.outputs * layer.inputs;
    const std::size_t size = square + layer.outputs;
    Buffer sums(size);
    sum_over_chunks(chunks_of(layer.rows, block_rows, size), size, sums.data(),
                    [&](std::size_t begin, std::size_t end, float* partial) {
                        for (std::size_t row = begin; row < end; row += block_rows) {
                            const std::size_t rows = std::min(block_rows, end - row);
                            const float* g = gradient + row * layer.outputs;
                            const float* x = layer.x + row * layer.inputs;
                            if (flip) {
                                add_transposed_product(x, layer.inputs, layer.inputs, g,
                                                       layer.outputs, layer.outputs, rows, partial);
                            } else {
                                add_transposed_product(g, layer.outputs, layer.outputs, x,
                                                       layer.inputs, layer.inputs, rows, partial);
                            }
                            add_rows(g, rows, layer.outputs, partial + square);
                        }
                    });
    for (std::size_t o = 0; o < layer.outputs; ++o) {
        for (std::size_t i = 0; i < layer.inputs; ++i) {
            gradient_weight[o * layer.inputs + i] =
                sums.data()[flip ? i * layer.outputs + o : o * layer.inputs + i];
        }
    }
    std::memcpy(gradient_bias, sums.data() + square, layer.outputs * sizeof(float));
}

}  // namespace distillar::kernels
