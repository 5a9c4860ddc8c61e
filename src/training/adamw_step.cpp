#include "training/adamw_step.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/thread_pool.hpp"

namespace distillar::training {

namespace {

/// A run of elements of one update: what a thread takes at a time.
struct Piece {
    const AdamWUpdate* update;
    std::int64_t begin;
    std::int64_t end;
};

constexpr std::int64_t piece_size = 1 << 14;

std::vector<Piece> pieces_of(const std::vector<AdamWUpdate>& updates) {
    std::vector<Piece> pieces;
    for (const AdamWUpdate& update : updates) {
        const std::int64_t count = update.value.numel();
        for (std::int64_t begin = 0; begin < count; begin += piece_size) {
            pieces.push_back({&update, begin, std::min(begin + piece_size, count)});
        }
    }
    return pieces;
}

void step(const Piece& piece) {
    const AdamWUpdate& update = *piece.update;
    float* value = update.value.data_ptr<float>();
    const float* gradient = update.gradient.data_ptr<float>();
    float* exp_avg = update.exp_avg.data_ptr<float>();
    float* exp_avg_sq = update.exp_avg_sq.data_ptr<float>();
    const auto keep = static_cast<float>(update.keep);
    const auto step_size = static_cast<float>(update.step_size);
    const auto root_correction = static_cast<float>(update.root_correction);
    const auto epsilon = static_cast<float>(update.epsilon);
    const auto beta1 = static_cast<float>(update.beta1);
    const auto beta2 = static_cast<float>(update.beta2);
    const auto rest1 = static_cast<float>(1 - update.beta1);
    const auto rest2 = static_cast<float>(1 - update.beta2);
    for (std::int64_t i = piece.begin; i < piece.end; ++i) {
        const float g = gradient[i];
        const float m = exp_avg[i] * beta1 + rest1 * g;
        const float v = exp_avg_sq[i] * beta2 + rest2 * g * g;
        exp_avg[i] = m;
        exp_avg_sq[i] = v;
        value[i] = value[i] * keep - step_size * m / (std::sqrt(v) / root_correction + epsilon);
    }
}

}  // namespace

void adamw_on_cpu(const std::vector<AdamWUpdate>& updates) {
    const std::vector<Piece> pieces = pieces_of(updates);
    base::parallel_for(pieces.size(), 1, [&](std::size_t begin, std::size_t end) {
        std::for_each(pieces.begin() + static_cast<std::ptrdiff_t>(begin),
                      pieces.begin() + static_cast<std::ptrdiff_t>(end), step);
    });
}

void adamw_by_operations(const AdamWUpdate& update) {
    const torch::NoGradGuard no_grad;
    auto value = update.value;
    auto exp_avg = update.exp_avg;
    auto exp_avg_sq = update.exp_avg_sq;
    value.mul_(update.keep);
    exp_avg.mul_(update.beta1).add_(update.gradient, 1 - update.beta1);
    exp_avg_sq.mul_(update.beta2).addcmul_(update.gradient, update.gradient, 1 - update.beta2);
    const auto root = (exp_avg_sq.sqrt() / update.root_correction).add_(update.epsilon);
    value.addcdiv_(exp_avg, root, -update.step_size);
}

}  // namespace distillar::training
