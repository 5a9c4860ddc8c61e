#pragma once
#include <cstdint>

#include "training/config.hpp"

namespace distillar::training {

/// How many steps a training has, and the factor of its learning rate at each.
class Schedule {
public:
    /// @param epoch_size  samples of an epoch.
    /// @throws base::Error if the parts of the schedule do not fit into its steps.
    Schedule(const RunConfig& config, std::int64_t epoch_size);
    Schedule(const ScheduleConfig& config, std::int64_t steps, double steps_per_epoch);

    std::int64_t steps() const { return steps_; }
    double factor(std::int64_t step) const;

private:
    ScheduleConfig config_;
    std::int64_t steps_;
    double steps_per_epoch_;
};

/// Learning-rate factors per iteration (the published schedulers step once per batch, and start at
/// 0). Steps count from 0; past the last one the factor stays at its final value.

/// ScaLR, WaffleIron: linear warm-up, then a cosine from 1 to `factor_min`.
///     step < warmup:  step / warmup
///     else:           min + (1 - min)/2 (cos(pi (step - warmup) / (steps - warmup)) + 1)
/// @throws base::Error unless 0 <= warmup <= steps and 0 <= factor_min <= 1.
double warmup_cosine(std::int64_t step, std::int64_t warmup, std::int64_t steps, double factor_min);

/// ScaLR+: linear warm-up, 1/sqrt, and a linear cooldown to 0.
///     step < warmup:           step / warmup
///     step <= cooldown_start:  1 / sqrt(1 + (step - warmup) / timescale)
///     else:                    base (n - 1 - i) / (n - 1),  i = step - cooldown_start,
///                              n = steps - cooldown_start, base = 1/sqrt(1 + cooldown_start /
///                              timescale): the published code leaves the warm-up out of `base`
/// @throws base::Error unless 0 <= warmup <= cooldown_start <= steps and timescale > 0.
double warmup_rsqrt_cooldown(std::int64_t step, std::int64_t warmup, std::int64_t steps,
                             std::int64_t cooldown_start, double timescale);

}  // namespace distillar::training
