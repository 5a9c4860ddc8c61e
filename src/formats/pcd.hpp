#pragma once
#include <filesystem>

#include "formats/cloud.hpp"

namespace distillar::formats {

enum class PcdEncoding { ascii, binary, binary_compressed };

/// PCD 0.7 (Point Cloud Library). Fields x y z of any numeric type; intensity (or i, reflectivity,
/// remission), ring, time (or t, timestamp), label, instance where present; other fields skipped.
Cloud read_pcd(const std::filesystem::path& file);
void write_pcd(const std::filesystem::path& file, const Cloud& cloud,
               PcdEncoding encoding = PcdEncoding::binary);

}  // namespace distillar::formats
