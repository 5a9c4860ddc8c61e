#pragma once
#include <cstddef>
#include <filesystem>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

namespace distillar::base {

/// XXH3-128 as 32 hexadecimal digits: tells contents apart by accident of bytes, not of forgers.
std::string hash_of(std::span<const std::byte> bytes);
std::string hash_of(std::string_view text);

/// Of a file's bytes. @throws Error naming the file if it cannot be read.
std::string hash_of_file(const std::filesystem::path& file);

/// Hashes of files, each read once while its size and time of change stay. Safe from several
/// threads.
class FileHashes {
public:
    /// @throws Error naming the file if it cannot be read.
    std::string of(const std::filesystem::path& file);

private:
    struct Known {
        std::uintmax_t size;
        std::filesystem::file_time_type changed;
        std::string hash;
    };
    std::mutex mutex_;
    std::map<std::string, Known> known_;
};

}  // namespace distillar::base
