#pragma once
/// Private to training: how the sections of a config are written.
#include <string>

namespace distillar::training {

/// Text in double quotes, as YAML and JSON have it.
std::string quoted(const std::string& text);

}  // namespace distillar::training
