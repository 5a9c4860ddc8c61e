#pragma once
/// Private to formats: little-endian values in files of fixed-size records.
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/cloud.hpp"

namespace distillar::formats {

static_assert(std::endian::native == std::endian::little, "files are read as little-endian");

/// The value at `bytes`, which need not be aligned.
template <typename T>
T load(const std::byte* bytes) {
    T value;
    std::memcpy(&value, bytes, sizeof(T));
    return value;
}

template <typename T>
void store(std::byte* bytes, T value) {
    std::memcpy(bytes, &value, sizeof(T));
}

template <typename T>
void append(std::vector<std::byte>& bytes, T value) {
    const auto* first = reinterpret_cast<const std::byte*>(&value);
    bytes.insert(bytes.end(), first, first + sizeof(T));
}

/// Number of records of `record` bytes in a file of `size` bytes.
/// @param layout  of one record, for the message; `hint` says what to do.
/// @throws base::Error if the file is empty or its size is not a multiple of `record`.
std::size_t record_count(const std::filesystem::path& file, std::size_t size, std::size_t record,
                         std::string_view layout, std::string_view hint);

/// @throws base::Error if `points` is neither 0 nor `labels`.
void check_label_count(const std::filesystem::path& file, std::size_t labels, std::size_t points);

/// @throws base::Error if an optional field is neither empty nor as long as the points.
void check_field_sizes(const std::filesystem::path& file, const Cloud& cloud);

/// Text of a file as it may stand in a one-line message: printable ASCII, at most `longest`
/// characters.
std::string printable(std::string_view text, std::size_t longest = 60);

}  // namespace distillar::formats
