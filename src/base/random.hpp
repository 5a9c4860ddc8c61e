#pragma once
#include <array>
#include <cstdint>
#include <vector>

namespace distillar::base {

/// Philox 4x32-10 (Salmon et al., SC 2011): random numbers addressed by (seed, epoch, sample), so
/// any sample of any epoch can be drawn again, in any order, on any thread.
class Random {
public:
    /// @param stream  separates independent uses of one sample (augmentation, drop path, ...).
    Random(std::uint64_t seed, std::uint64_t epoch, std::uint64_t sample, std::uint32_t stream = 0);

    std::uint32_t next();
    double uniform();                          ///< in [0, 1), 53 bits
    double uniform(double low, double high);   ///< in [low, high)
    std::uint32_t below(std::uint32_t count);  ///< in [0, count), unbiased; count > 0
    bool chance(double probability) { return uniform() < probability; }
    double normal();                                              ///< mean 0, variance 1
    std::vector<std::uint32_t> permutation(std::uint32_t count);  ///< Fisher-Yates of 0..count-1

private:
    void refill();

    std::array<std::uint32_t, 2> key_;
    std::array<std::uint32_t, 4> counter_;
    std::array<std::uint32_t, 4> block_{};
    unsigned used_ = 4;
};

/// One Philox 4x32-10 block: the raw function, for tests against published vectors.
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key);

}  // namespace distillar::base
