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
    : config_(config),
      mixture_(mixture),
      epoch_size_(static_cast<std::int64_t>(mixture.epoch_size())),
      steps_(config.steps),
      steps_per_epoch_(static_cast<double>(epoch_size_) / config.batch) {
    if (steps_ == 0) {
        steps_ = std::max<std::int64_t>(1, whole(config.epochs * steps_per_epoch_));
    }
    static_cast<void>(factor(0));  // a schedule that does not fit fails here, before work starts
}

std::vector<Plan::Draw> Plan::draws(std::int64_t step) const {
    std::vector<Draw> result;
    std::vector<std::uint32_t> order;
    std::int64_t order_epoch = -1;
    for (std::int64_t i = step * config_.batch; i < (step + 1) * config_.batch; ++i) {
        const std::int64_t epoch = i / epoch_size_;
        if (epoch != order_epoch) {
            order = mixture_.epoch_order(config_.seed, static_cast<std::uint64_t>(epoch));
            order_epoch = epoch;
        }
        const auto position = static_cast<std::size_t>(i % epoch_size_);
        result.push_back({static_cast<std::uint64_t>(epoch), position, order[position]});
    }
    return result;
}

double Plan::factor(std::int64_t step) const {
    const ScheduleConfig& schedule = config_.schedule;
    const std::int64_t warmup = schedule.warmup_steps >= 0
                                    ? schedule.warmup_steps
                                    : whole(schedule.warmup_epochs * steps_per_epoch_);
    if (schedule.kind == "warmup_cosine") {
        return warmup_cosine(step, warmup, steps_, schedule.min_factor);
    }
    return warmup_rsqrt_cooldown(step, warmup, steps_,
                                 steps_ - whole(schedule.cooldown_epochs * steps_per_epoch_),
                                 schedule.timescale_epochs * steps_per_epoch_);
}

}  // namespace distillar::training
