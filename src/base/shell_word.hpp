#pragma once
#include <string>

namespace distillar::base {

/// The word as a shell takes it: as it is, or in quotes.
std::string shell_word(const std::string& word);

}  // namespace distillar::base
