#pragma once
#include <cstdint>
#include <vector>

#include "training/config.hpp"
#include "training/sampler.hpp"

namespace distillar::training {

/// Of base::Random: how a sample of an epoch is augmented.
inline constexpr std::uint32_t augmentation_stream = 2;

/// How long a run is, which samples each step sees, and how far the learning rate has come.
class Plan {
public:
    Plan(const RunConfig& config, const datasets::Mixture& mixture);
    /// @param sampler  of `config.batch` samples a step.
    Plan(const RunConfig& config, Sampler sampler);

    std::int64_t steps() const { return steps_; }
    std::vector<Draw> draws(std::int64_t step) const { return sampler_.draws(step); }

    /// Learning-rate factor of a step.
    double factor(std::int64_t step) const;

private:
    const RunConfig& config_;
    Sampler sampler_;
    std::int64_t steps_;
    double steps_per_epoch_;
};

}  // namespace distillar::training
