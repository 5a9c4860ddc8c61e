#pragma once
/// Private to formats: the text header of a PLY file.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "formats/cloud_fields.hpp"

namespace distillar::formats {

struct PlyProperty {
    CloudField field;
    bool is_list = false;
    Number count_type = Number::u8;  ///< of a list's length
};

struct PlyElement {
    std::string name;
    std::uint64_t count = 0;
    std::vector<PlyProperty> properties;
    bool has_list() const;
    /// Bytes of one binary row, lists taken as empty: every row has at least as many.
    std::uint64_t smallest_row() const;
};

struct PlyHeader {
    bool ascii = false;
    std::vector<PlyElement> elements;
    std::size_t vertex = 0;  ///< which element is `vertex`
    std::size_t lines = 0;   ///< of the header
    std::size_t data_offset = 0;
};

/// Parses the header and checks the element counts against the size of the file.
PlyHeader parse_ply_header(const std::filesystem::path& file, std::span<const std::byte> bytes);

}  // namespace distillar::formats
