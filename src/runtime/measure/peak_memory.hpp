#pragma once
#include <cstddef>
#include <optional>

namespace distillar::runtime {

/// Gives free pages back to the system and lets the process's peak start again from what it holds.
/// @return false where the system does not allow it.
bool reset_peak_memory();

/// Largest resident size of the process since, bytes; none where the system does not say.
std::optional<std::size_t> peak_memory();

}  // namespace distillar::runtime
