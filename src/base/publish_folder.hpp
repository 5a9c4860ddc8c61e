#pragma once
#include <filesystem>

namespace distillar::base {

/// Moves a finished folder to its place in the same parent, instead of what is there, and has both
/// on disk when it returns. Its files are whole already (AtomicFile).
/// @throws Error naming the place.
void publish_folder(const std::filesystem::path& finished, const std::filesystem::path& place);

}  // namespace distillar::base
