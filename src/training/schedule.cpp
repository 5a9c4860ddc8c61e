#include "training/schedule.hpp"

#include <cmath>
#include <numbers>

#include "base/error.hpp"

namespace distillar::training {

namespace {

double ratio(std::int64_t a, std::int64_t b) {
    return static_cast<double>(a) / static_cast<double>(b);
}

}  // namespace

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
