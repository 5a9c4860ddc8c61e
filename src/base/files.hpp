#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.hpp"

namespace distillar::base {

/// The whole file. @throws Error naming the file if it is absent, unreadable or larger than the
/// limit.
std::vector<std::byte> read_file(const std::filesystem::path& file,
                                 std::uint64_t Limits::*limit = &Limits::file);
std::string read_text(const std::filesystem::path& file,
                      std::uint64_t Limits::*limit = &Limits::file);
/// The same for a kind of file that is small: at most so many bytes.
std::string read_text(const std::filesystem::path& file, std::uint64_t most);

/// A file mapped read-only into memory.
class MappedFile {
public:
    explicit MappedFile(const std::filesystem::path& file);
    ~MappedFile();
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;
    std::span<const std::byte> bytes() const { return bytes_; }

private:
    std::span<const std::byte> bytes_;
};

/// A file that appears whole or not at all: bytes go to a temporary neighbour, commit() flushes,
/// syncs and renames it into place. Without commit() nothing is left behind. Makes parent folders.
class AtomicFile {
public:
    explicit AtomicFile(std::filesystem::path file);
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    void write(std::span<const std::byte> bytes);
    void write(std::string_view text);
    void commit();

private:
    [[noreturn]] void fail_with_errno(const char* what) const;
    void flush();

    std::filesystem::path file_;
    std::filesystem::path temporary_;
    std::vector<std::byte> buffer_;
    int descriptor_ = -1;
};

/// A file that grows by records, each written as soon as it is there: a process that dies, or a
/// disk that is full, cuts at most the last one.
class RecordFile {
public:
    RecordFile() = default;                           ///< no file yet
    explicit RecordFile(std::filesystem::path file);  ///< goes on at its end
    ~RecordFile();
    RecordFile(RecordFile&& other) noexcept;
    RecordFile& operator=(RecordFile&& other) noexcept;

    void append(std::string_view record);

private:
    std::filesystem::path file_;
    int descriptor_ = -1;
};

/// Writes a whole file atomically.
void write_file(const std::filesystem::path& file, std::span<const std::byte> bytes);
void write_file(const std::filesystem::path& file, std::string_view text);

/// a * b and a + b of sizes read from a file. @throws Error naming file and field on overflow.
std::uint64_t checked_multiply(std::uint64_t a, std::uint64_t b, const std::filesystem::path& file,
                               std::string_view field);
std::uint64_t checked_add(std::uint64_t a, std::uint64_t b, const std::filesystem::path& file,
                          std::string_view field);

/// Expands a leading "~" and every $NAME or ${NAME}. @throws Error if a variable is not set.
std::filesystem::path expand_path(const std::string& path);

/// The folder of taxonomies, settings, recipes: $DISTILLAR_CONFIGS, else `configs` beside the
/// program's installation, else the source tree's. @throws Error if there is none.
std::filesystem::path configs_folder();

}  // namespace distillar::base
