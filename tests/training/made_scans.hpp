#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

namespace distillar::test {

/// A scan of a road with walls and boxes, with SemanticKITTI labels: class follows from geometry,
/// so a network can learn it.
/// @param sequence  folder that gets velodyne/NAME.bin and labels/NAME.label.
/// @param box       y of the boxes' middle, metres.
void write_made_scan(const std::filesystem::path& sequence, const std::string& name,
                     std::uint64_t seed, double box = 2.75);

}  // namespace distillar::test
