#pragma once
#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

namespace distillar::formats {

/// Decompresses a gzip file's bytes. @throws base::Error naming the file if they are truncated,
/// damaged (checksum), followed by anything, or become more than `limit` bytes.
std::vector<std::byte> gunzip(std::span<const std::byte> bytes, std::uint64_t limit,
                              const std::filesystem::path& file);

/// Decompresses raw deflate data that must become exactly `size` bytes.
/// @param name  the part of the file, for messages.
std::vector<std::byte> inflate_raw(std::span<const std::byte> bytes, std::uint64_t size,
                                   const std::filesystem::path& file, const std::string& name);

}  // namespace distillar::formats
