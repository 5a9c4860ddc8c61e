#pragma once
#include <cstdint>
#include <vector>

#include "datasets/mixture.hpp"

namespace distillar::training {

/// A sample of a step.
struct Draw {
    std::uint64_t epoch;
    std::uint64_t position;  ///< in the epoch
    std::size_t frame;       ///< in the mixture
};

/// Which frames of a mixture each step sees: epochs follow each other without a gap, each in an
/// order of its own, addressed by (seed, epoch).
class Sampler {
public:
    Sampler(const datasets::Mixture& mixture, std::uint64_t seed, std::int64_t batch);
    /// These frames alone, each once an epoch whatever its weight; at least one.
    Sampler(const datasets::Mixture& mixture, std::uint64_t seed, std::int64_t batch,
            std::vector<std::uint32_t> frames);

    /// Samples of an epoch.
    std::int64_t epoch_size() const { return epoch_size_; }
    std::vector<Draw> draws(std::int64_t step) const;

private:
    std::vector<std::uint32_t> order(std::uint64_t epoch) const;

    const datasets::Mixture& mixture_;
    std::uint64_t seed_;
    std::int64_t batch_;
    std::vector<std::uint32_t> frames_;  ///< empty: all
    std::int64_t epoch_size_;
};

}  // namespace distillar::training
