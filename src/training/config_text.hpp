#pragma once
/// Private to training: how the sections of a config are written.
#include <string>
#include <vector>

#include "training/config.hpp"

namespace distillar::training {

/// Text in double quotes, as YAML has it, control characters as \xNN.
std::string quoted(const std::string& text);
/// ["a", "b"].
std::string quoted_list(const std::vector<std::string>& texts);

/// Grids of square cells for the planes that drop z, y and x; at most formats::max_cells + 1 an
/// axis.
/// @param cell  metres, above 0.
std::vector<geometry::PlaneGrid> grids_of(const geometry::FieldOfView& fov, double cell);

/// How scans become the network's input, and how they are augmented.
std::string input_text(const RunConfig& config);
std::string augmentation_text(const RunConfig& config);

}  // namespace distillar::training
