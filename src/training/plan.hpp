#pragma once
#include <cstdint>
#include <vector>

#include "datasets/mixture.hpp"
#include "training/config.hpp"

namespace distillar::training {

/// Of base::Random: how a sample of an epoch is augmented.
inline constexpr std::uint32_t augmentation_stream = 2;

/// Which samples each step sees, and how far the learning rate has come.
class Plan {
public:
    Plan(const RunConfig& config, const datasets::Mixture& mixture);

    std::int64_t steps() const { return steps_; }

    struct Draw {
        std::uint64_t epoch;
        std::uint64_t position;  ///< in the epoch
        std::size_t frame;       ///< in the mixture
    };
    /// The samples of a step; epochs follow each other without a gap.
    std::vector<Draw> draws(std::int64_t step) const;

    /// Learning-rate factor of a step.
    double factor(std::int64_t step) const;

private:
    const RunConfig& config_;
    const datasets::Mixture& mixture_;
    std::int64_t epoch_size_;
    std::int64_t steps_;
    double steps_per_epoch_;
};

}  // namespace distillar::training
