#include "formats/lzf.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace distillar {
namespace {

std::vector<std::byte> random_bytes(std::size_t size, std::uint32_t values) {
    base::Random random(3, values, size);
    std::vector<std::byte> bytes(size);
    for (auto& byte : bytes) {
        byte = static_cast<std::byte>(random.below(values));
    }
    return bytes;
}

std::vector<std::byte> there_and_back(const std::vector<std::byte>& bytes) {
    const auto packed = formats::lzf_compress(bytes);
    std::vector<std::byte> result(bytes.size());
    EXPECT_TRUE(formats::lzf_decompress(packed, result));
    return result;
}

TEST(Lzf, RoundTripsOfEverySmallSize) {
    for (std::size_t size = 0; size < 600; ++size) {
        for (const std::uint32_t values : {1u, 2u, 4u, 256u}) {
            const auto bytes = random_bytes(size, values);
            ASSERT_EQ(there_and_back(bytes), bytes) << size << " bytes of " << values;
        }
    }
}

TEST(Lzf, RoundTripsOfLargeInputs) {
    for (const std::uint32_t values : {1u, 3u, 256u}) {
        const auto bytes = random_bytes(300'000, values);
        EXPECT_TRUE(there_and_back(bytes) == bytes);
    }
    // The same bytes give the same file, whatever lay in memory.
    const auto bytes = random_bytes(300'000, 3);
    EXPECT_TRUE(formats::lzf_compress(bytes) == formats::lzf_compress(bytes));
}

TEST(Lzf, CompressesRepetitionToItsLimit) {
    const std::vector<std::byte> zeros(264'000);
    const auto packed = formats::lzf_compress(zeros);
    EXPECT_LE(zeros.size(), packed.size() * formats::lzf_best_ratio);
}

TEST(Lzf, NeverReadsOrWritesOutside) {
    for (std::uint64_t round = 0; round < 20'000; ++round) {
        base::Random random(5, 0, round);
        std::vector<std::byte> bytes(random.below(40));
        for (auto& byte : bytes) {
            byte = static_cast<std::byte>(random.below(256));
        }
        std::vector<std::byte> target(random.below(400));
        formats::lzf_decompress(bytes, target);
    }
}

}  // namespace
}  // namespace distillar
