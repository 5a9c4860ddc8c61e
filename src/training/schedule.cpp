#include "training/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/error.hpp"

namespace distillar::training {

namespace {

double ratio(std::int64_t a, std::int64_t b) {
    return static_cast<double>(a) / static_cast<double>(b);
}

std::int64_t whole(double steps) {
    return static_cast<std::int64_t>(std::llround(steps));
}

double steps_per_epoch(const RunConfig& config, std::int64_t epoch_size) {
    return static_cast<double>(epoch_size) / config.batch;
}

std::int64_t steps_of(const RunConfig& config, std::int64_t epoch_size) {
    return config.steps != 0 ? config.steps
                             : std::max<std::int64_t>(
                                   1, whole(config.epochs * steps_per_epoch(config, epoch_size)));
}

}  // namespace

Schedule::Schedule(const RunConfig& config, std::int64_t epoch_size)
    : Schedule(config.schedule, steps_of(config, epoch_size), steps_per_epoch(config, epoch_size)) {
}

Schedule::Schedule(const ScheduleConfig& config, std::int64_t steps, double steps_per_epoch)
    : config_(config), steps_(steps), steps_per_epoch_(steps_per_epoch) {
    static_cast<void>(factor(0));  // what does not fit fails here, before work starts
}

double Schedule::factor(std::int64_t step) const {
    const std::int64_t warmup = config_.warmup_steps >= 0
                                    ? config_.warmup_steps
                                    : whole(config_.warmup_epochs * steps_per_epoch_);
    if (config_.kind == ScheduleConfig::Kind::warmup_cosine) {
        return warmup_cosine(step, warmup, steps_, config_.min_factor);
    }
    return warmup_rsqrt_cooldown(step, warmup, steps_,
                                 steps_ - whole(config_.cooldown_epochs * steps_per_epoch_),
                                 config_.timescale_epochs * steps_per_epoch_);
}

double warmup_cosine(std::int64_t step, std::int64_t warmup, std::int64_t steps,
                     double factor_min) {
    if (step < 0 || warmup < 0 || warmup > steps) {
        base::fail("schedule: {} warm-up steps of {} in all: give 0 <= warmup <= steps", warmup,
                   steps);
    }
    if (!(factor_min >= 0 && factor_min <= 1)) {
        base::fail("schedule: the smallest factor is {}: it must lie in 0..1", factor_min);
    }
    if (step < warmup) {
        return ratio(step, warmup);
    }
    if (step >= steps) {
        return factor_min;
    }
    const double cosine = std::cos(std::numbers::pi * ratio(step - warmup, steps - warmup));
    return factor_min + 0.5 * (1 - factor_min) * (cosine + 1);
}

double warmup_rsqrt_cooldown(std::int64_t step, std::int64_t warmup, std::int64_t steps,
                             std::int64_t cooldown_start, double timescale) {
    if (step < 0 || warmup < 0 || warmup > cooldown_start || cooldown_start > steps) {
        base::fail(
            "schedule: warm-up {}, cooldown from {}, {} steps in all: give 0 <= warmup <= "
            "cooldown_start <= steps",
            warmup, cooldown_start, steps);
    }
    if (!(timescale > 0)) {
        base::fail("schedule: the time scale is {}: it must be above 0", timescale);
    }
    if (step < warmup) {
        return ratio(step, warmup);
    }
    if (step <= cooldown_start) {
        return 1 / std::sqrt(1 + static_cast<double>(step - warmup) / timescale);
    }
    if (step >= steps - 1) {
        return 0;
    }
    const double base = 1 / std::sqrt(1 + static_cast<double>(cooldown_start) / timescale);
    return base * ratio(steps - 1 - step, steps - 1 - cooldown_start);
}

}  // namespace distillar::training
