#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace distillar::base {

/// Files above this are refused by read_file: 2 GiB.
inline constexpr std::uint64_t max_file_size = std::uint64_t{1} << 31;

/// The whole file. @throws Error naming the file if it is absent, unreadable or larger than
/// `limit`.
std::vector<std::byte> read_file(const std::filesystem::path& file,
                                 std::uint64_t limit = max_file_size);
std::string read_text(const std::filesystem::path& file, std::uint64_t limit = max_file_size);

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

    std::filesystem::path file_;
    std::filesystem::path temporary_;
    std::FILE* stream_ = nullptr;
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
