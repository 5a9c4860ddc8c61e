#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "datasets/mixture.hpp"

namespace distillar::training {

/// How many of the training frames keep their labels: for label efficiency.
struct LabelledShare {
    double share = 1;  ///< above 0, at most 1
    /// "every": every round(1 / share)-th frame from the first, in the data's order
    /// (SemanticKITTI's 1 %: every 100th scan); "random": round(share x frames) of them, drawn by
    /// the seed.
    std::string rule = "every";
    /// fuse: of a step's `batch` frames so many are labelled ones, the others any; 0: half of them,
    /// rounded up (a batch of 1 is refused), or none in particular where all frames are labelled.
    int batch = 0;
};

/// For each frame, whether it keeps its labels. The same for every run with the same seed.
/// @throws base::Error if the share is impossible or leaves no labelled frame.
std::vector<bool> labelled_frames(std::size_t frames, const LabelledShare& labelled,
                                  std::uint64_t seed);

/// Frames of the mixture that have labels and keep them, ascending.
/// @throws base::Error as labelled_frames.
std::vector<std::uint32_t> labelled_frames(const datasets::Mixture& mixture,
                                           const LabelledShare& labelled, std::uint64_t seed);

}  // namespace distillar::training
