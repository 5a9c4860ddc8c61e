#include "training/sampler.hpp"

#include "base/random.hpp"

namespace distillar::training {

Sampler::Sampler(const datasets::Mixture& mixture, std::uint64_t seed, std::int64_t batch)
    : mixture_(mixture),
      seed_(seed),
      batch_(batch),
      epoch_size_(static_cast<std::int64_t>(mixture.epoch_size())) {}

Sampler::Sampler(const datasets::Mixture& mixture, std::uint64_t seed, std::int64_t batch,
                 std::vector<std::uint32_t> frames)
    : mixture_(mixture),
      seed_(seed),
      batch_(batch),
      frames_(std::move(frames)),
      epoch_size_(static_cast<std::int64_t>(frames_.size())) {}

std::vector<std::uint32_t> Sampler::order(std::uint64_t epoch) const {
    if (frames_.empty()) {
        return mixture_.epoch_order(seed_, epoch);
    }
    constexpr std::uint32_t stream = 8;
    auto order = base::Random(seed_, epoch, 0, stream)
                     .permutation(static_cast<std::uint32_t>(frames_.size()));
    for (auto& place : order) {
        place = frames_[place];
    }
    return order;
}

std::vector<Draw> Sampler::draws(std::int64_t step) const {
    std::vector<Draw> result;
    std::vector<std::uint32_t> frames;
    std::int64_t known_epoch = -1;
    for (std::int64_t i = step * batch_; i < (step + 1) * batch_; ++i) {
        const std::int64_t epoch = i / epoch_size_;
        if (epoch != known_epoch) {
            frames = order(static_cast<std::uint64_t>(epoch));
            known_epoch = epoch;
        }
        const auto position = static_cast<std::size_t>(i % epoch_size_);
        result.push_back({static_cast<std::uint64_t>(epoch), position, frames[position]});
    }
    return result;
}

}  // namespace distillar::training
