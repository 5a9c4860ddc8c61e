#include "datasets/mixture.hpp"

#include <cmath>

#include "base/random.hpp"

namespace distillar::datasets {

namespace {

std::uint64_t bytes_of(const Frame& frame) {
    const auto points = static_cast<std::uint64_t>(frame.points.rows());
    return points * (3 * sizeof(double) + sizeof(float) + 2 * sizeof(std::uint32_t));
}

}  // namespace

Mixture::Mixture(const std::vector<Selection>& selections, std::uint64_t cache_bytes)
    : selections_(selections), cache_bytes_(cache_bytes) {
    for (const auto& selection : selections_) {
        if (!(selection.weight > 0)) {
            base::fail("{}: weight {} is not positive; leave the entry out instead",
                       selection.path.string(), selection.weight);
        }
        const auto part = static_cast<std::uint32_t>(parts_.size());
        parts_.push_back(open_dataset(selection));
        for (std::uint32_t i = 0; i < parts_.back()->size(); ++i) {
            frames_.push_back({part, i});
        }
        if (samples(part) == 0) {
            base::fail(
                "{}: weight {} of {} frames is no sample an epoch; raise it, or leave the "
                "entry out",
                selection.path.string(), selection.weight, parts_.back()->size());
        }
    }
}

std::shared_ptr<const Frame> Mixture::read(std::size_t index) const {
    {
        const std::scoped_lock lock(mutex_);
        if (const auto found = cache_.find(index); found != cache_.end()) {
            recent_.splice(recent_.begin(), recent_, found->second.position);
            return found->second.frame;
        }
    }
    const Place place = frames_[index];
    auto frame = std::make_shared<const Frame>(parts_[place.part]->read(place.index));
    remember(index, frame);
    return frame;
}

void Mixture::remember(std::size_t index, const std::shared_ptr<const Frame>& frame) const {
    const std::scoped_lock lock(mutex_);
    if (cache_.contains(index)) {
        return;
    }
    recent_.push_front(index);
    cache_[index] = {frame, recent_.begin()};
    cached_bytes_ += bytes_of(*frame);
    while (cached_bytes_ > cache_bytes_ && recent_.size() > 1) {
        const auto oldest = cache_.find(recent_.back());
        cached_bytes_ -= bytes_of(*oldest->second.frame);
        cache_.erase(oldest);
        recent_.pop_back();
    }
}

std::size_t Mixture::samples(std::size_t part) const {
    const auto frames = static_cast<double>(parts_[part]->size());
    return static_cast<std::size_t>(std::llround(selections_[part].weight * frames));
}

std::size_t Mixture::epoch_size() const {
    std::size_t total = 0;
    for (std::size_t part = 0; part < parts_.size(); ++part) {
        total += samples(part);
    }
    return total;
}

std::vector<std::uint32_t> Mixture::epoch_order(std::uint64_t seed, std::uint64_t epoch) const {
    constexpr std::uint32_t stream = 1;
    std::vector<std::uint32_t> chosen;
    std::uint32_t first = 0;
    for (std::size_t part = 0; part < parts_.size(); ++part) {
        const auto frames = static_cast<std::uint32_t>(parts_[part]->size());
        base::Random random(seed, epoch, part, stream);
        const auto order = random.permutation(frames);
        for (std::size_t i = 0; i < samples(part); ++i) {
            chosen.push_back(first + order[i % frames]);
        }
        first += frames;
    }
    base::Random random(seed, epoch, parts_.size(), stream);
    const auto order = random.permutation(static_cast<std::uint32_t>(chosen.size()));
    std::vector<std::uint32_t> result;
    result.reserve(chosen.size());
    for (const auto place : order) {
        result.push_back(chosen[place]);
    }
    return result;
}

}  // namespace distillar::datasets
