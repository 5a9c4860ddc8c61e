#include "kernels/attention.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "kernels/buffer.hpp"
#include "kernels/random_values.hpp"

namespace distillar::kernels {
namespace {

TEST(Attention, EqualsTheFormula) {
    constexpr std::size_t queries = 7, keys = 33, width = 8, stride = 31, out_stride = 10;
    const auto matrix = test::random_values(keys * stride, 1);
    const float* key = matrix.data() + width;
    const float* value = matrix.data() + 2 * width;
    const Attention attention({queries, keys, width, stride, out_stride});
    Buffer scratch(attention.scratch_floats());
    std::vector<float> out(queries * out_stride, -3);
    attention.run(matrix.data(), key, value, out.data(), scratch.data());
    for (std::size_t i = 0; i < queries; ++i) {
        std::vector<double> weights(keys);
        double sum = 0;
        for (std::size_t k = 0; k < keys; ++k) {
            double score = 0;
            for (std::size_t c = 0; c < width; ++c) {
                score += double{matrix[i * stride + c]} * key[k * stride + c];
            }
            sum += weights[k] = std::exp(score);
        }
        for (std::size_t c = 0; c < width; ++c) {
            double expected = 0;
            for (std::size_t k = 0; k < keys; ++k) {
                expected += weights[k] / sum * value[k * stride + c];
            }
            EXPECT_NEAR(out[i * out_stride + c], expected, 1e-5);
        }
        EXPECT_EQ(out[i * out_stride + width], -3) << "not this head's";
    }
}

TEST(RowNorm, EqualsTheFormula) {
    constexpr std::size_t rows = 3, channels = 21;
    constexpr float epsilon = 1e-2F;
    const auto x = test::random_values(rows * channels, 2);
    std::vector<float> out(rows * channels);
    RowNorm(rows, channels, epsilon, ProductShape::Format::f32).run(x.data(), nullptr, out.data());
    for (std::size_t r = 0; r < rows; ++r) {
        double mean = 0, variance = 0;
        for (std::size_t c = 0; c < channels; ++c) {
            mean += x[r * channels + c] / double{channels};
        }
        for (std::size_t c = 0; c < channels; ++c) {
            variance += std::pow(x[r * channels + c] - mean, 2) / double{channels};
        }
        for (std::size_t c = 0; c < channels; ++c) {
            EXPECT_NEAR(out[r * channels + c],
                        (x[r * channels + c] - mean) / std::sqrt(variance + epsilon), 1e-5);
        }
    }
}

}  // namespace
}  // namespace distillar::kernels
