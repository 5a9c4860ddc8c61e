#pragma once
#include <filesystem>

#include "formats/cloud.hpp"

namespace distillar::formats {

enum class PcdEncoding { ascii, binary, binary_compressed };

/// PCD 0.7 (Point Cloud Library) and older. Fields x y z of any numeric type; intensity (or i,
/// reflectivity, remission), ring, time (or t, timestamp; of integer type: nanoseconds, as Ouster
/// has it, else seconds), label, instance where present, in any case; other fields are skipped.
/// VIEWPOINT is not applied. NaN points are kept; their ids may be NaN too and become 0.
/// @throws base::Error if the header lies about the data, x, y or z is missing (naming the fields
/// that are there), or a number is malformed (naming the line).
Cloud read_pcd(const std::filesystem::path& file);

/// x y z as float32 if that holds every coordinate exactly, else float64; every optional field that
/// the cloud has (`sensor` as uint8). Atomic; read_pcd gives the same cloud back.
void write_pcd(const std::filesystem::path& file, const Cloud& cloud,
               PcdEncoding encoding = PcdEncoding::binary);

}  // namespace distillar::formats
