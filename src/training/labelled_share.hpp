#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "datasets/mixture.hpp"
#include "training/config.hpp"

namespace distillar::training {

/// For each frame, whether it keeps its labels. The same for every run with the same seed.
/// @throws base::Error if the share is impossible or leaves no labelled frame.
std::vector<bool> labelled_frames(std::size_t frames, const LabelledShare& labelled,
                                  std::uint64_t seed);

/// Frames of the mixture that have labels and keep them, ascending.
/// @throws base::Error as labelled_frames.
std::vector<std::uint32_t> labelled_frames(const datasets::Mixture& mixture,
                                           const LabelledShare& labelled, std::uint64_t seed);

}  // namespace distillar::training
