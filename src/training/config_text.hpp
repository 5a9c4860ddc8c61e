#pragma once
/// Private to training: how the sections of a config are written.
#include <string>

#include "training/config.hpp"

namespace distillar::training {

/// Text in double quotes, as YAML and JSON have it.
std::string quoted(const std::string& text);

/// How scans become the network's input, and how they are augmented.
std::string input_text(const RunConfig& config);
std::string augmentation_text(const RunConfig& config);

}  // namespace distillar::training
