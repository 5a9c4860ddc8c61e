#include "training/sampler.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

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
    auto order = base::Random(seed_, epoch, 0, share_order_stream)
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
        result.push_back({seed_, static_cast<std::uint64_t>(epoch), position, frames[position]});
    }
    return result;
}

std::vector<bool> labelled_frames(std::size_t frames, const LabelledShare& labelled,
                                  std::uint64_t seed) {
    if (!(labelled.share > 0 && labelled.share <= 1)) {
        base::fail("labelled.share is {}: it lies above 0 and is at most 1", labelled.share);
    }
    std::vector<bool> chosen(frames, false);
    if (labelled.rule == LabelledShare::Rule::every) {
        const auto step = static_cast<std::size_t>(std::llround(1 / labelled.share));
        for (std::size_t i = 0; i < frames; i += step) {
            chosen[i] = true;
        }
    } else {
        const double wanted = std::round(labelled.share * static_cast<double>(frames));
        base::Random random(seed, 0, 0, labelled_stream);
        auto order = random.permutation(static_cast<std::uint32_t>(frames));
        order.resize(static_cast<std::size_t>(wanted));
        for (const std::uint32_t frame : order) {
            chosen[frame] = true;
        }
    }
    if (std::find(chosen.begin(), chosen.end(), true) == chosen.end()) {
        base::fail("a labelled share of {} leaves none of {} frames labelled; give at least {:.3g}",
                   labelled.share, frames,
                   1 / static_cast<double>(std::max<std::size_t>(1, frames)));
    }
    return chosen;
}

std::vector<std::uint32_t> labelled_frames(const datasets::Mixture& mixture,
                                           const LabelledShare& labelled, std::uint64_t seed) {
    std::vector<std::uint32_t> there;
    std::uint32_t frame = 0;
    for (std::size_t part = 0; part < mixture.parts(); ++part) {
        const auto& dataset = mixture.part(part);
        for (std::size_t i = 0; i < dataset.size(); ++i, ++frame) {
            if (dataset.labelled(i)) {
                there.push_back(frame);
            }
        }
    }
    const auto chosen = labelled_frames(there.size(), labelled, seed);
    std::vector<std::uint32_t> kept;
    for (std::size_t i = 0; i < there.size(); ++i) {
        if (chosen[i]) {
            kept.push_back(there[i]);
        }
    }
    return kept;
}

}  // namespace distillar::training
