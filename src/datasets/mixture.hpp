#pragma once
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "datasets/dataset.hpp"

namespace distillar::datasets {

/// Several selections as one list of frames, with decoded frames kept in memory up to a limit:
/// the streaming source of every training stage. read() is safe from several threads.
class Mixture {
public:
    /// @throws base::Error as open_dataset does, or if a weight is not positive, or so small that
    ///         its entry gives no sample.
    explicit Mixture(const std::vector<Selection>& selections,
                     std::uint64_t cache_bytes = std::uint64_t{4} << 30);

    std::size_t size() const { return frames_.size(); }
    std::shared_ptr<const Frame> read(std::size_t index) const;
    /// The data sets behind it, one a selection.
    std::size_t parts() const { return parts_.size(); }
    const Dataset& part(std::size_t index) const { return *parts_[index]; }
    const Selection& selection(std::size_t index) const { return selections_[index]; }
    /// A frame's part, and its index there. The frames of a part stand side by side, in its order.
    struct Place {
        std::uint32_t part;
        std::uint32_t index;
    };
    Place place(std::size_t index) const { return frames_[index]; }

    /// The frames of one epoch in random order, addressed by (seed, epoch). A frame of an entry of
    /// weight w comes w times on average; an entry gives round(w * its frames) samples.
    std::vector<std::uint32_t> epoch_order(std::uint64_t seed, std::uint64_t epoch) const;
    std::size_t epoch_size() const;
    /// Of them, those of one entry.
    std::size_t samples(std::size_t part) const;

private:
    struct Cached {
        std::shared_ptr<const Frame> frame;
        std::list<std::size_t>::iterator position;
    };
    void remember(std::size_t index, const std::shared_ptr<const Frame>& frame) const;

    std::vector<Selection> selections_;
    std::vector<std::unique_ptr<Dataset>> parts_;
    std::vector<Place> frames_;
    std::uint64_t cache_bytes_;
    mutable std::mutex mutex_;
    mutable std::unordered_map<std::size_t, Cached> cache_;
    mutable std::list<std::size_t> recent_;  ///< most recently used first
    mutable std::uint64_t cached_bytes_ = 0;
};

}  // namespace distillar::datasets
