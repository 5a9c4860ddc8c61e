#include "formats/tensor.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "formats/bytes.hpp"

namespace distillar {
namespace {

using formats::Dtype;
using formats::Tensor;
using test::error_of;

Tensor tensor_of(Dtype dtype, std::vector<std::int64_t> shape, const std::string& bytes) {
    auto copy = std::make_shared<const std::string>(bytes);
    return {dtype, std::move(shape), std::as_bytes(std::span(*copy)), copy};
}

TEST(Tensor, NamesAndSizes) {
    EXPECT_STREQ(formats::name_of(Dtype::bf16), "BF16");
    EXPECT_STREQ(formats::name_of(Dtype::boolean), "BOOL");
    EXPECT_STREQ(formats::name_of(Dtype::f64), "F64");
    EXPECT_EQ(formats::size_of(Dtype::i64), 8u);
    EXPECT_EQ(formats::size_of(Dtype::i32), 4u);
    EXPECT_EQ(formats::size_of(Dtype::bf16), 2u);
    EXPECT_EQ(formats::size_of(Dtype::boolean), 1u);
}

TEST(Tensor, MakeAndReadBack) {
    const std::vector<float> values{1.5f, -2.0f, 3.25f, 0, 1e-30f, 7};
    const Tensor tensor = formats::make_tensor(values, {2, 3});
    EXPECT_EQ(tensor.count(), 6);
    EXPECT_EQ(formats::to_floats(tensor, "a"), values);
    EXPECT_EQ(formats::to_doubles(tensor, "a")[2], 3.25);
    const std::vector<std::int64_t> integers{-1, std::numeric_limits<std::int64_t>::min()};
    EXPECT_EQ(formats::to_integers(formats::make_tensor(integers, {2}), "b"), integers);
    const std::vector<std::uint8_t> bytes{0, 255};
    EXPECT_EQ(formats::to_integers(formats::make_tensor(bytes, {2, 1}), "c"),
              (std::vector<std::int64_t>{0, 255}));
    const std::vector<double> one{0.1};
    EXPECT_EQ(formats::make_tensor(one, {}).count(), 1);
    EXPECT_EQ(formats::to_floats(formats::make_tensor(one, {}), "d")[0], 0.1f);
}

TEST(Tensor, ConvertsEveryDtype) {
    using test::le;
    EXPECT_EQ(formats::to_integers(tensor_of(Dtype::i32, {1}, le(std::int32_t{-7})), "a")[0], -7);
    EXPECT_EQ(formats::to_integers(tensor_of(Dtype::i16, {1}, le(std::int16_t{-7})), "a")[0], -7);
    EXPECT_EQ(formats::to_integers(tensor_of(Dtype::i8, {1}, "\xF9"), "a")[0], -7);
    EXPECT_EQ(formats::to_integers(tensor_of(Dtype::boolean, {1}, "\x01"), "a")[0], 1);
    EXPECT_EQ(formats::to_floats(tensor_of(Dtype::f64, {1}, le(0.1)), "a")[0], 0.1f);
    EXPECT_EQ(formats::to_floats(tensor_of(Dtype::bf16, {1}, le(std::uint16_t{0xC040})), "a")[0],
              -3.0f);
    EXPECT_EQ(formats::to_doubles(tensor_of(Dtype::f16, {1}, le(std::uint16_t{0x3C00})), "a")[0],
              1.0);
}

TEST(Tensor, ReadsMisalignedBytes) {
    const auto buffer =
        std::make_shared<const std::string>(std::string("x") + test::le(2.5) + test::le(-4.0));
    const Tensor tensor{Dtype::f64, {2}, std::as_bytes(std::span(*buffer)).subspan(1), buffer};
    EXPECT_EQ(formats::to_doubles(tensor, "a"), (std::vector<double>{2.5, -4.0}));
}

TEST(Tensor, WrongKindNamesTheTensor) {
    const std::vector<float> one{1};
    const Tensor real = formats::make_tensor(one, {1});
    EXPECT_NE(error_of([&] { formats::to_integers(real, "head.bias"); }).find("head.bias"),
              std::string::npos);
    const std::vector<std::int64_t> two{1, 2};
    const Tensor whole = formats::make_tensor(two, {2});
    EXPECT_NE(error_of([&] { formats::to_floats(whole, "labels"); }).find("labels"),
              std::string::npos);
}

TEST(Tensor, BytesThatDoNotFitTheShape) {
    error_of([] { formats::to_floats(tensor_of(Dtype::f32, {3}, "12345678"), "a"); });
    error_of([] { formats::to_floats(tensor_of(Dtype::f32, {-2}, "12345678"), "a"); });
    const std::vector<float> two{1, 2};
    error_of([&] { formats::make_tensor(two, {3}); });
}

TEST(Tensor, SizesThatOverflowOrAreNegative) {
    const auto bytes = [](std::vector<std::int64_t> shape) {
        return formats::checked_bytes(Dtype::f32, shape, "f", "t");
    };
    EXPECT_EQ(bytes({2, 3}), 24u);
    EXPECT_EQ(bytes({}), 4u);
    EXPECT_EQ(bytes({5, 0, 7}), 0u);
    error_of([&] { bytes({std::int64_t{1} << 62, 4}); });
    error_of([&] { bytes({std::int64_t{1} << 62, 4, 0}); });  // a zero does not excuse the rest
    error_of([&] { bytes({std::int64_t{1} << 32, std::int64_t{1} << 32}); });
    error_of([&] { bytes({-1}); });
    error_of([&] { bytes({0, -1}); });
    error_of([&] { bytes(std::vector<std::int64_t>(65, 1)); });
}

#ifdef __FLT16_MANT_DIG__
TEST(Half, EveryHalfMatchesTheCompiler) {
    for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
        const auto half = static_cast<std::uint16_t>(bits);
        const float expected = static_cast<float>(std::bit_cast<_Float16>(half));
        const float value = formats::half_to_float(half);
        if (std::isnan(expected)) {
            ASSERT_TRUE(std::isnan(value)) << bits;
        } else {
            ASSERT_EQ(std::bit_cast<std::uint32_t>(value), std::bit_cast<std::uint32_t>(expected))
                << bits;
            ASSERT_EQ(formats::float_to_half(value), half);
        }
    }
}

TEST(Half, RoundsLikeTheCompiler) {
    for (std::uint64_t bits = 0; bits < (std::uint64_t{1} << 32); bits += 4093) {
        const float value = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
        const auto half = formats::float_to_half(value);
        if (std::isnan(value)) {
            ASSERT_TRUE(std::isnan(formats::half_to_float(half)));
        } else {
            const auto expected = std::bit_cast<std::uint16_t>(static_cast<_Float16>(value));
            ASSERT_EQ(half, expected) << value;
        }
    }
}
#endif

TEST(Half, TiesGoToEvenAndEdgesHold) {
    EXPECT_EQ(formats::float_to_half(1.0f + 0x1p-11f), 0x3C00);      // tie, even below
    EXPECT_EQ(formats::float_to_half(1.0f + 3 * 0x1p-11f), 0x3C02);  // tie, even above
    EXPECT_EQ(formats::float_to_half(65519.0f), 0x7BFF);             // largest finite
    EXPECT_EQ(formats::float_to_half(65520.0f), 0x7C00);             // rounds to infinity
    EXPECT_EQ(formats::float_to_half(0x1p-25f), 0);                  // tie with zero
    EXPECT_EQ(formats::float_to_half(0x1.8p-25f), 1);                // above the tie
    EXPECT_EQ(formats::float_to_half(-0.0f), 0x8000);
    EXPECT_EQ(formats::to_floats(formats::make_half_tensor(std::vector<float>{0.1f}, {1}), "h")[0],
              0.0999755859375f);
}

}  // namespace
}  // namespace distillar
