#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "formats/cloud.hpp"

namespace distillar::formats {

/// PLY (ascii and binary little-endian): element vertex with x y z and, where present, intensity,
/// ring, time, label, instance; other elements and properties (lists too) are skipped.
Cloud read_ply(const std::filesystem::path& file);

using Color = std::array<std::uint8_t, 3>;

/// Binary little-endian PLY: x y z (float64 when coordinates need it, else float32), intensity if
/// present, label if present, and red green blue if `colors` is not empty (one per point).
void write_ply(const std::filesystem::path& file, const Cloud& cloud,
               const std::vector<Color>& colors = {});

}  // namespace distillar::formats
