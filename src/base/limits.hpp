#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace distillar::base {

/// What a file may ask of its reader; beyond it the reader refuses the file before it takes memory.
/// All limits stand here (docs/reliability.md has the table). Whoever trusts a file raises one with
/// the program's option --limit NAME=VALUE.
struct Limits {
    std::uint64_t file = std::uint64_t{1} << 31;  ///< bytes of a file that is read whole
    std::uint64_t config = 256 << 10;             ///< bytes of YAML: its tree takes 250 times it
    std::uint64_t table = 64 << 20;               ///< bytes of JSON, times, poses
    std::uint64_t header = 100'000'000;           ///< bytes of a safetensors header
    std::uint64_t inflated = 256 << 20;           ///< bytes that a compressed file becomes
    std::uint64_t tensors = 1 << 17;              ///< of one file
    std::uint64_t rank = 64;                      ///< dimensions of a tensor
    std::uint64_t nesting = 64;                   ///< levels of containers
    std::uint64_t points = 1 << 23;               ///< of a scan: 50 of PandaSet's
    std::uint64_t image_side = 16384;             ///< pixels
};

const Limits& limits();

/// @param name_and_value  "points=20000000". Not while other threads read files.
/// @throws base::Error if there is no such limit or the value is no whole number above 0.
void set_limit(std::string_view name_and_value);

/// @param what  "a header of", before the value: "a header of 5 bytes".
/// @throws base::Error naming file, value, limit and how to raise it.
void require_within(std::uint64_t value, std::uint64_t Limits::*limit,
                    const std::filesystem::path& file, std::string_view what);

}  // namespace distillar::base
