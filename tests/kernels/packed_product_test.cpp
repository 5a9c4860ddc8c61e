#include "kernels/packed_product.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <thread>

#include "kernels/buffer.hpp"
#include "kernels/random_values.hpp"

namespace distillar::kernels {
namespace {

using test::random_values;
using After = ProductShape::After;
using Format = ProductShape::Format;

double activated(After after, double x) {
    switch (after) {
        case After::relu:
            return std::max(0.0, x);
        case After::gelu:
            return x * 0.5 * std::erfc(-x / std::sqrt(2.0));
        default:
            return x;
    }
}

TEST(PackedProduct, EqualsPlainSums) {
    for (const After after : {After::nothing, After::relu, After::gelu}) {
        for (const std::size_t columns : {1, 7, 16, 24, 100}) {
            const ProductShape shape{
                13,    columns / 2 + 3,        columns, Format::f32, Format::f32,
                after, after == After::nothing};
            const auto left = random_values(shape.rows * shape.inner, 1);
            const auto weight = random_values(columns * shape.inner, 2);
            const auto bias = random_values(columns, 3);
            const auto before = random_values(shape.rows * columns, 4);
            const PackedProduct product(shape, weight.data(), bias.data());
            auto out = before;
            Buffer scratchpad(product.scratchpad_floats());
            product.run(left.data(), out.data(), scratchpad.data());
            for (std::size_t i = 0; i < shape.rows; ++i) {
                for (std::size_t o = 0; o < columns; ++o) {
                    double sum = bias[o];
                    for (std::size_t k = 0; k < shape.inner; ++k) {
                        sum += double{left[i * shape.inner + k]} * weight[o * shape.inner + k];
                    }
                    const double expected =
                        activated(after, sum) + (shape.accumulate ? before[i * columns + o] : 0.0F);
                    ASSERT_NEAR(out[i * columns + o], expected, 2e-5) << columns;
                }
            }
        }
    }
}

TEST(PackedProduct, Bf16EqualsSumsOfRoundedFactors) {
    if (!has_bf16()) {
        GTEST_SKIP() << "this processor has no AVX512-BF16";
    }
    const ProductShape shape{8, 32, 16, Format::bf16, Format::f32};
    std::vector<std::uint16_t> left(shape.rows * shape.inner);
    std::vector<float> values(left.size()), weight(shape.columns * shape.inner);
    for (std::size_t i = 0; i < left.size(); ++i) {
        values[i] = static_cast<float>(static_cast<int>(i * 7 % 31) - 15) / 8;  // exact in bf16
        left[i] = static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(values[i]) >> 16);
    }
    for (std::size_t i = 0; i < weight.size(); ++i) {
        weight[i] = static_cast<float>(static_cast<int>(i * 5 % 17) - 8) / 4;
    }
    const PackedProduct product(shape, weight.data(), nullptr);
    std::vector<float> out(shape.rows * shape.columns);
    Buffer scratchpad(product.scratchpad_floats());
    product.run(left.data(), out.data(), scratchpad.data());
    for (std::size_t i = 0; i < shape.rows; ++i) {
        for (std::size_t o = 0; o < shape.columns; ++o) {
            float sum = 0;
            for (std::size_t k = 0; k < shape.inner; ++k) {
                sum += values[i * shape.inner + k] * weight[o * shape.inner + k];
            }
            ASSERT_FLOAT_EQ(out[i * shape.columns + o], sum);
        }
    }
}

TEST(PackedProduct, SeveralThreadsRunOneAtOnceWithTheSameBits) {
    const ProductShape shape{64, 48, 48};
    const auto left = random_values(shape.rows * shape.inner, 1);
    const auto weight = random_values(shape.columns * shape.inner, 2);
    const PackedProduct product(shape, weight.data(), nullptr);
    std::vector<std::vector<float>> outs(3, std::vector<float>(shape.rows * shape.columns));
    std::vector<std::thread> threads;
    for (auto& out : outs) {
        threads.emplace_back([&] {
            Buffer scratchpad(product.scratchpad_floats());
            for (int round = 0; round < 20; ++round) {
                product.run(left.data(), out.data(), scratchpad.data());
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(outs[0], outs[1]);
    EXPECT_EQ(outs[0], outs[2]);
}

}  // namespace
}  // namespace distillar::kernels
