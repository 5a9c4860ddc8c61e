#include "base/random.hpp"

#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace distillar::base {

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key) {
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t product0 = std::uint64_t{0xD2511F53} * counter[0];
        const std::uint64_t product1 = std::uint64_t{0xCD9E8D57} * counter[2];
        const auto high = [](std::uint64_t value) {
            return static_cast<std::uint32_t>(value >> 32);
        };
        const auto low = [](std::uint64_t value) { return static_cast<std::uint32_t>(value); };
        counter = {high(product1) ^ counter[1] ^ key[0], low(product1),
                   high(product0) ^ counter[3] ^ key[1], low(product0)};
        key[0] += 0x9E3779B9;
        key[1] += 0xBB67AE85;
    }
    return counter;
}

namespace {

/// splitmix64: spreads the address over key and counter.
std::uint64_t mix(std::uint64_t value) {
    value += 0x9E3779B97F4A7C15;
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
    return value ^ (value >> 31);
}

}  // namespace

Random::Random(std::uint64_t seed, std::uint64_t epoch, std::uint64_t sample,
               std::uint32_t stream) {
    const std::uint64_t key = mix(mix(seed) ^ epoch);
    const std::uint64_t start = mix(sample);
    key_ = {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)};
    counter_ = {0, stream, static_cast<std::uint32_t>(start),
                static_cast<std::uint32_t>(start >> 32)};
}

void Random::refill() {
    block_ = philox4x32(counter_, key_);
    ++counter_[0];
    used_ = 0;
}

std::uint32_t Random::next() {
    if (used_ == 4) {
        refill();
    }
    return block_[used_++];
}

double Random::uniform() {
    const std::uint64_t high = next();
    const std::uint64_t bits = (high << 32 | next()) >> 11;
    return static_cast<double>(bits) * 0x1.0p-53;
}

double Random::uniform(double low, double high) {
    return low + (high - low) * uniform();
}

std::uint32_t Random::below(std::uint32_t count) {
    const std::uint32_t reject = (0u - count) % count;  // 2^32 mod count
    std::uint64_t product = std::uint64_t{next()} * count;
    while (static_cast<std::uint32_t>(product) < reject) {
        product = std::uint64_t{next()} * count;
    }
    return static_cast<std::uint32_t>(product >> 32);
}

double Random::normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

std::vector<std::uint32_t> Random::permutation(std::uint32_t count) {
    std::vector<std::uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0u);
    for (std::uint32_t i = count; i > 1; --i) {
        std::swap(order[i - 1], order[below(i)]);
    }
    return order;
}

}  // namespace distillar::base
