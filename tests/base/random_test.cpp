#include "base/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace distillar::base {
namespace {

using Block = std::array<std::uint32_t, 4>;

// Known answers of the Random123 library (kat_vectors, philox4x32 with 10 rounds).
TEST(Philox, EqualsThePublishedVectors) {
    EXPECT_EQ(philox4x32({0, 0, 0, 0}, {0, 0}),
              (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
    const std::uint32_t ones = 0xffffffff;
    EXPECT_EQ(philox4x32({ones, ones, ones, ones}, {ones, ones}),
              (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
    EXPECT_EQ(
        philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
        (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Random, SameAddressSameNumbersOtherAddressOthers) {
    std::set<std::uint64_t> seen;
    const auto first = [](std::uint64_t seed, std::uint64_t epoch, std::uint64_t sample,
                          std::uint32_t stream) {
        Random random(seed, epoch, sample, stream);
        const std::uint64_t high = random.next();
        return high << 32 | random.next();
    };
    for (std::uint64_t i = 0; i < 500; ++i) {
        EXPECT_EQ(first(i, 1, 2, 3), first(i, 1, 2, 3));
        seen.insert(first(i, 0, 0, 0));
        seen.insert(first(0, i + 1, 0, 0));
        seen.insert(first(0, 0, i + 1, 0));
        seen.insert(first(0, 0, 0, static_cast<std::uint32_t>(i + 1)));
    }
    EXPECT_EQ(seen.size(), 2000u);
}

TEST(Random, StreamsOfOneSampleDoNotOverlap) {
    std::set<std::uint32_t> seen;
    for (std::uint32_t stream = 0; stream < 4; ++stream) {
        Random random(1, 2, 3, stream);
        for (int i = 0; i < 1000; ++i) {
            seen.insert(random.next());
        }
    }
    EXPECT_GT(seen.size(), 3990u);  // equal 32-bit numbers are rare, equal streams would halve it
}

TEST(Random, UniformNumbersFillTheirRange) {
    Random random(1, 0, 0);
    double sum = 0, squares = 0, low = 1, high = 0;
    constexpr int count = 100'000;
    for (int i = 0; i < count; ++i) {
        const double value = random.uniform();
        ASSERT_GE(value, 0);
        ASSERT_LT(value, 1);
        sum += value;
        squares += value * value;
        low = std::min(low, value);
        high = std::max(high, value);
    }
    EXPECT_NEAR(sum / count, 0.5, 0.005);
    EXPECT_NEAR(squares / count, 1.0 / 3, 0.005);
    EXPECT_LT(low, 1e-4);
    EXPECT_GT(high, 1 - 1e-4);
    for (int i = 0; i < 1000; ++i) {
        const double value = random.uniform(-3, 5);
        ASSERT_TRUE(value >= -3 && value < 5);
    }
}

TEST(Random, NormalNumbersHaveTheirMoments) {
    Random random(2, 0, 0);
    double sum = 0, squares = 0, fourth = 0;
    constexpr int count = 200'000;
    for (int i = 0; i < count; ++i) {
        const double value = random.normal();
        ASSERT_TRUE(std::isfinite(value));
        sum += value;
        squares += value * value;
        fourth += value * value * value * value;
    }
    EXPECT_NEAR(sum / count, 0, 0.01);
    EXPECT_NEAR(squares / count, 1, 0.02);
    EXPECT_NEAR(fourth / count, 3, 0.1);
}

TEST(Random, BelowIsUnbiased) {
    Random random(3, 0, 0);
    std::array<int, 7> counts{};
    for (int i = 0; i < 70'000; ++i) {
        ++counts[random.below(7)];
    }
    for (const int count : counts) {
        EXPECT_NEAR(count, 10'000, 400);
    }
    EXPECT_EQ(random.below(1), 0u);
    // 3/4 of 2^32: without rejection the first third would come up twice as often.
    constexpr std::uint32_t large = 0xC0000000;
    int lowest_third = 0;
    for (int i = 0; i < 30'000; ++i) {
        const std::uint32_t value = random.below(large);
        ASSERT_LT(value, large);
        lowest_third += value % 3 == 0;
    }
    EXPECT_NEAR(lowest_third, 10'000, 400);
}

TEST(Random, ChanceAndPermutation) {
    Random random(4, 0, 0);
    int hits = 0;
    for (int i = 0; i < 10'000; ++i) {
        hits += random.chance(0.3);
        EXPECT_FALSE(random.chance(0));
        EXPECT_TRUE(random.chance(1));
    }
    EXPECT_NEAR(hits, 3000, 200);
    EXPECT_TRUE(random.permutation(0).empty());
    EXPECT_EQ(random.permutation(1), std::vector<std::uint32_t>{0});
    auto order = random.permutation(1000);
    EXPECT_FALSE(std::is_sorted(order.begin(), order.end()));
    std::sort(order.begin(), order.end());
    for (std::uint32_t i = 0; i < 1000; ++i) {
        ASSERT_EQ(order[i], i);
    }
    std::array<int, 6> kinds{};  // all orders of three come up alike
    for (int i = 0; i < 6000; ++i) {
        const auto three = random.permutation(3);
        ++kinds[2 * three[0] + (three[1] > three[2])];
    }
    for (const int count : kinds) {
        EXPECT_NEAR(count, 1000, 150);
    }
}

}  // namespace
}  // namespace distillar::base
