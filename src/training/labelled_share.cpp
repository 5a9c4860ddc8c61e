#include "training/labelled_share.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/random.hpp"

namespace distillar::training {

namespace {

constexpr std::uint32_t labelled_stream = 7;

}  // namespace

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
