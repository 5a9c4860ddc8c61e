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

/// Bytes and small integer weights, the result of column o before `after`, in float64.
struct ByteCase {
    ProductShape shape;
    std::vector<std::uint8_t> left;
    ByteWeight weight;

    explicit ByteCase(const ProductShape& wanted) : shape(wanted) {
        for (std::size_t i = 0; i < shape.rows * shape.inner; ++i) {
            left.push_back(static_cast<std::uint8_t>(i * 37 % 256));
        }
        for (std::size_t i = 0; i < shape.columns * shape.inner; ++i) {
            weight.weight.push_back(static_cast<std::int8_t>(static_cast<int>(i * 53 % 255) - 127));
        }
        weight.scale = random_values(shape.columns, 7);
        for (float& scale : weight.scale) {
            scale = 1e-5F * (1 + std::abs(scale));
        }
        weight.shift = random_values(shape.columns, 8);
        for (float& shift : weight.shift) {
            shift *= 1e4F;
        }
    }

    double column(std::size_t row, std::size_t o) const {
        double sum = weight.shift[o];
        for (std::size_t k = 0; k < shape.inner; ++k) {
            sum += left[row * shape.inner + k] * weight.weight[o * shape.inner + k];
        }
        return activated(shape.after, weight.scale[o] * sum);
    }
};

TEST(PackedProduct, BytesEqualIntegerSumsAddedToFloats) {
    if (!has_int8()) {
        GTEST_SKIP() << "this processor has no AVX512-VNNI";
    }
    for (const std::size_t columns : {1, 24, 100}) {
        ProductShape shape{5, columns + 3, columns, Format::u8};
        shape.accumulate = true;
        const ByteCase made(shape);
        const PackedProduct product(shape, made.weight);
        std::vector<float> out(shape.rows * columns, 0.5F);
        Buffer scratchpad(product.scratchpad_floats());
        product.run(made.left.data(), out.data(), scratchpad.data());
        for (std::size_t i = 0; i < out.size(); ++i) {
            ASSERT_NEAR(out[i], 0.5 + made.column(i / columns, i % columns), 1e-5) << columns;
        }
    }
}

TEST(PackedProduct, BytesGiveRoundedBytes) {
    if (!has_int8()) {
        GTEST_SKIP() << "this processor has no AVX512-VNNI";
    }
    for (const After after : {After::relu, After::gelu}) {
        ProductShape shape{7, 40, 24, Format::u8, Format::u8, after};
        shape.byte_factor = after == After::relu ? 100.0F : 60.0F;
        shape.byte_offset = after == After::relu ? 0.0F : 11.0F;
        const ByteCase made(shape);
        const PackedProduct product(shape, made.weight);
        std::vector<std::uint8_t> out(shape.rows * shape.columns);
        Buffer scratchpad(product.scratchpad_floats());
        product.run(made.left.data(), out.data(), scratchpad.data());
        for (std::size_t i = 0; i < out.size(); ++i) {
            const double exact = made.column(i / shape.columns, i % shape.columns);
            const double wanted =
                std::clamp(exact * shape.byte_factor + shape.byte_offset, 0.0, 255.0);
            ASSERT_NEAR(out[i], wanted, 0.501);
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
