#include "training/plan.hpp"

#include <cmath>

#include "training/schedule.hpp"

namespace distillar::training {

namespace {

std::int64_t whole(double steps) {
    return static_cast<std::int64_t>(std::llround(steps));
}

}  // namespace

Plan::Plan(const RunConfig& config, const datasets::Mixture& mixture)
    : Plan(config, Sampler(mixture, config.seed, config.batch)) {}

Plan::Plan(const RunConfig& config, Sampler sampler)
    : config_(config),
      sampler_(std::move(sampler)),
      steps_(config.steps),
      steps_per_epoch_(static_cast<double>(sampler_.epoch_size()) / config.batch) {
    if (steps_ == 0) {
        steps_ = std::max<std::int64_t>(1, whole(config.epochs * steps_per_epoch_));
    }
    static_cast<void>(factor(0));  // a schedule that does not fit fails here, before work starts
}

double Plan::factor(std::int64_t step) const {
    const ScheduleConfig& schedule = config_.schedule;
    const std::int64_t warmup = schedule.warmup_steps >= 0
                                    ? schedule.warmup_steps
                                    : whole(schedule.warmup_epochs * steps_per_epoch_);
    if (schedule.kind == ScheduleConfig::Kind::warmup_cosine) {
        return warmup_cosine(step, warmup, steps_, schedule.min_factor);
    }
    return warmup_rsqrt_cooldown(step, warmup, steps_,
                                 steps_ - whole(schedule.cooldown_epochs * steps_per_epoch_),
                                 schedule.timescale_epochs * steps_per_epoch_);
}

}  // namespace distillar::training
