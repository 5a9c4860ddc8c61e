#pragma once
/// Private to formats: the text header of a PCD file.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "formats/cloud_fields.hpp"
#include "formats/pcd.hpp"

namespace distillar::formats {

struct PcdField {
    CloudField field;
    std::uint64_t count = 1;   ///< values per point
    std::uint64_t bytes = 0;   ///< per point
    std::uint64_t offset = 0;  ///< in a point
    bool is_padding() const { return field.name == "_"; }
};

struct PcdHeader {
    std::vector<PcdField> fields;
    std::uint64_t points = 0;
    std::uint64_t values = 0;  ///< numbers per point
    std::uint64_t stride = 0;  ///< bytes per point
    PcdEncoding encoding = PcdEncoding::ascii;
    std::size_t lines = 0;  ///< of the header
    std::size_t data_offset = 0;
};

/// Parses and checks everything that can be checked without the data: sizes do not overflow, and
/// x, y, z, ... have one value each.
PcdHeader parse_pcd_header(const std::filesystem::path& file, std::span<const std::byte> bytes);

}  // namespace distillar::formats
