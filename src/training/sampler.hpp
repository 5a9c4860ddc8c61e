#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "datasets/mixture.hpp"
#include "training/config.hpp"
#include "training/streams.hpp"

namespace distillar::training {

/// A sample of a step.
struct Draw {
    std::uint64_t seed;
    std::uint64_t epoch;
    std::uint64_t position;  ///< in the epoch
    std::size_t frame;       ///< in the mixture

    /// Its random numbers: the same whenever it is drawn again.
    base::Random random(Stream stream) const { return {seed, epoch, position, stream}; }
};

/// Which frames of a mixture each step sees: epochs follow each other without a gap, each in an
/// order of its own, addressed by (seed, epoch).
class Sampler {
public:
    Sampler(const datasets::Mixture& mixture, std::uint64_t seed, std::int64_t batch);
    /// These frames alone, each once an epoch whatever its weight; at least one.
    Sampler(const datasets::Mixture& mixture, std::uint64_t seed, std::int64_t batch,
            std::vector<std::uint32_t> frames);

    const datasets::Mixture& mixture() const { return mixture_; }
    std::uint64_t seed() const { return seed_; }
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

/// For each frame, whether it keeps its labels. The same for every run with the same seed.
/// @throws base::Error if the share is impossible or leaves no labelled frame.
std::vector<bool> labelled_frames(std::size_t frames, const LabelledShare& labelled,
                                  std::uint64_t seed);

/// Frames of the mixture that have labels and keep them, ascending.
/// @throws base::Error as labelled_frames.
std::vector<std::uint32_t> labelled_frames(const datasets::Mixture& mixture,
                                           const LabelledShare& labelled, std::uint64_t seed);

}  // namespace distillar::training
