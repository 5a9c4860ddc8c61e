#pragma once
/// The JSON header of a safetensors file, parsed as a stream and checked as it is read.
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "formats/tensor.hpp"

namespace distillar::formats {

struct SafeTensorsHeader {
    struct Entry {
        std::string name;
        Dtype dtype = Dtype::f32;
        std::vector<std::int64_t> shape;
        std::uint64_t begin = 0, end = 0;  ///< bytes within the data area
    };
    std::map<std::string, std::string> metadata;
    std::vector<Entry> entries;  ///< in the header's order
};

/// @throws base::Error naming file and key for malformed JSON, a duplicate, unknown or missing key,
///         an unknown dtype, or a number that is no size. Offsets are not checked here.
SafeTensorsHeader parse_safetensors_header(std::string_view json,
                                           const std::filesystem::path& file);

}  // namespace distillar::formats
