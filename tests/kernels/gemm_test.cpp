#include "kernels/gemm.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "kernels/linear.hpp"
#include "kernels/random_values.hpp"

namespace distillar::kernels {
namespace {

using test::random_values;

/// Sum over k of a(i, k) b(k, j), in float64.
double product_at(const std::vector<float>& a, const std::vector<float>& b, std::size_t inner,
                  std::size_t a_row, std::size_t a_inner, std::size_t i, std::size_t j,
                  std::size_t b_inner, std::size_t b_column) {
    double sum = 0;
    for (std::size_t k = 0; k < inner; ++k) {
        sum += static_cast<double>(a[i * a_row + k * a_inner]) * b[k * b_inner + j * b_column];
    }
    return sum;
}

TEST(Gemm, MultiplyEqualsPlainSums) {
    for (const std::size_t columns : {1, 5, 16, 24, 64, 65, 100, 192}) {
        for (const std::size_t rows : {1, 2, 3, 6, 7, 50, 97}) {
            const std::size_t inner = columns / 2 + 3;
            const auto left = random_values(rows * (inner + 2), rows);  // with a row stride
            const auto right = random_values(inner * columns, columns);
            const auto bias = random_values(columns, 5);
            const Factor factor(right.data(), inner, columns, columns, 1, bias.data());
            std::vector<float> out(rows * (columns + 3), -77);
            multiply(left.data(), inner + 2, rows, factor, out.data(), columns + 3);
            for (std::size_t i = 0; i < rows; ++i) {
                for (std::size_t j = 0; j < columns + 3; ++j) {
                    const double expected =
                        j >= columns ? -77  // nothing is written past the row
                                     : bias[j] + product_at(left, right, inner, inner + 2, 1, i, j,
                                                            columns, 1);
                    ASSERT_NEAR(out[i * (columns + 3) + j], expected, 1e-4) << rows << columns;
                }
            }
        }
    }
}

TEST(Gemm, FactorReadsTransposedMatrices) {
    const auto left = random_values(3 * 8, 1);
    const auto right = random_values(20 * 8, 2);  // outputs x inputs
    const Factor factor(right.data(), 8, 20, 1, 8);
    std::vector<float> out(3 * 20);
    multiply(left.data(), 8, 3, factor, out.data(), 20);
    EXPECT_NEAR(out[2 * 20 + 19], product_at(left, right, 8, 8, 1, 2, 19, 1, 8), 1e-4);
}

TEST(Gemm, AddsTransposedProduct) {
    for (const std::size_t m : {1, 5, 6, 13, 64}) {
        for (const std::size_t n : {1, 15, 16, 40, 64, 80}) {
            const std::size_t rows = 31;
            const auto left = random_values(rows * m, m);
            const auto right = random_values(rows * n, n);
            std::vector<float> sum(m * n, 2.0F);
            add_transposed_product(left.data(), m, m, right.data(), n, n, rows, sum.data());
            for (std::size_t i = 0; i < m; ++i) {
                for (std::size_t j = 0; j < n; ++j) {
                    ASSERT_NEAR(sum[i * n + j], 2 + product_at(left, right, rows, 1, m, i, j, n, 1),
                                1e-4);
                }
            }
        }
    }
}

/// Threads of this process.
auto threads_now() {
    using Folder = std::filesystem::directory_iterator;
    return std::distance(Folder("/proc/self/task"), Folder());
}

/// oneDNN is built on OpenMP, which would start more threads for a product of this size.
TEST(Gemm, StartsNoThreadsAndLeavesTheCallersSetting) {
    const std::size_t size = 512;
    const auto left = random_values(size * size, 1), right = random_values(size * size, 2);
    std::vector<float> out(size * size);
    const Factor factor(right.data(), size, size, size, 1);
    const int before = omp_get_max_threads();
    omp_set_num_threads(before + 3);
    const auto threads = threads_now();
    multiply(left.data(), size, size, factor, out.data(), size);
    add_transposed_product(left.data(), size, size, right.data(), size, size, size, out.data());
    EXPECT_EQ(threads_now(), threads);
    EXPECT_EQ(omp_get_max_threads(), before + 3);
    omp_set_num_threads(before);
}

/// The bits are those of the values, wherever in memory they lie.
TEST(Gemm, GivesTheSameBitsAtAnyAddress) {
    for (const std::size_t size : {5, 64, 100, 256}) {
        const std::size_t rows = 192, shift = 3;
        const auto left = random_values(rows * size, 1), right = random_values(rows * size, 2);
        const Factor factor(right.data(), size / 2, size, size, 1);
        std::vector<float> out(rows * size), sum(size * size);
        multiply(left.data(), size, rows, factor, out.data(), size);
        add_transposed_product(left.data(), size, size, right.data(), size, size, rows, sum.data());
        std::vector<float> far_left(shift), far_right(shift + 1);
        far_left.insert(far_left.end(), left.begin(), left.end());
        far_right.insert(far_right.end(), right.begin(), right.end());
        std::vector<float> far_out(rows * size + shift), far_sum(size * size + shift);
        multiply(far_left.data() + shift, size, rows, factor, far_out.data() + shift, size);
        add_transposed_product(far_left.data() + shift, size, size, far_right.data() + shift + 1,
                               size, size, rows, far_sum.data() + shift);
        EXPECT_TRUE(std::equal(out.begin(), out.end(), far_out.begin() + shift)) << size;
        EXPECT_TRUE(std::equal(sum.begin(), sum.end(), far_sum.begin() + shift)) << size;
    }
}

/// Forward and both gradients, narrow and wide inputs; the same bits for any number of threads.
TEST(Linear, EqualsPlainSumsForAnyThreads) {
    for (const std::size_t inputs : {5, 24}) {
        const std::size_t rows = 1000, outputs = 40;
        const auto x = random_values(rows * inputs, 1);
        const auto weight = random_values(outputs * (inputs + 1), 2);  // with a row stride
        const auto bias = random_values(outputs, 3);
        const auto gradient = random_values(rows * outputs, 4);
        const Linear layer{rows, inputs, outputs, x.data(), weight.data(), inputs + 1};
        std::vector<std::vector<float>> results[2];
        for (const std::size_t threads : {1, 3}) {
            const test::Threads scope(threads);
            std::vector<float> out(rows * outputs), input(rows * inputs);
            std::vector<float> weights(outputs * inputs), biases(outputs);
            linear_forward(layer, bias.data(), out.data());
            linear_backward_input(layer, gradient.data(), input.data());
            linear_backward_weight(layer, gradient.data(), weights.data(), biases.data());
            results[threads / 2] = {out, input, weights, biases};
        }
        EXPECT_EQ(results[0], results[1]);
        const auto& [out, input, weights, biases] =
            std::tie(results[0][0], results[0][1], results[0][2], results[0][3]);
        EXPECT_NEAR(out[999 * outputs + 7],
                    bias[7] + product_at(x, weight, inputs, inputs, 1, 999, 7, 1, inputs + 1),
                    1e-4);
        EXPECT_NEAR(input[5 * inputs + 3],
                    product_at(gradient, weight, outputs, outputs, 1, 5, 3, inputs + 1, 1), 1e-4);
        EXPECT_NEAR(weights[39 * inputs + 4],
                    product_at(gradient, x, rows, 1, outputs, 39, 4, inputs, 1), 1e-3);
        EXPECT_NEAR(weights[1 * inputs + 0],
                    product_at(gradient, x, rows, 1, outputs, 1, 0, inputs, 1), 1e-3);
        const std::vector<float> ones(rows, 1);
        EXPECT_NEAR(biases[11], product_at(gradient, ones, rows, 1, outputs, 11, 0, 1, 1), 1e-3);
    }
}

}  // namespace
}  // namespace distillar::kernels
