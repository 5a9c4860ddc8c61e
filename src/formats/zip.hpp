#pragma once
/// A minimal zip reader: stored and deflated entries, zip64, one disk, no encryption.
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "base/files.hpp"

namespace distillar::formats {

/// Bytes with what keeps them alive.
struct OwnedBytes {
    std::span<const std::byte> bytes;
    std::shared_ptr<const void> owner;
};

class ZipFile {
public:
    /// Reads the central directory. @throws base::Error naming file and offset if there is none, it
    /// is damaged, or names an entry twice.
    ZipFile(std::shared_ptr<const base::MappedFile> mapped, std::filesystem::path file);

    struct Entry {
        std::uint16_t flags = 0;
        std::uint16_t method = 0;  ///< 0 stored, 8 deflated
        std::uint32_t checksum = 0;
        std::uint64_t packed = 0, size = 0;  ///< bytes
        std::uint64_t offset = 0;            ///< of the local header
        std::uint64_t limit = 0;             ///< where the next entry or the directory begins
    };
    const std::map<std::string, Entry>& entries() const { return entries_; }

    /// Content of an entry: a view into the file if stored. Checksums are verified.
    /// @throws base::Error naming file and entry if it is absent, damaged, encrypted, compressed in
    ///         another way, overlaps another one, or if all inflated ones together exceed 1 GiB.
    OwnedBytes read(const std::string& name);

private:
    void read_directory(std::uint64_t offset, std::uint64_t size, std::uint64_t count);
    std::uint64_t read_entry(std::uint64_t offset, std::uint64_t end);
    std::span<const std::byte> packed_bytes(const std::string& name, const Entry& entry) const;
    void find_directory();
    void limit_entries(std::uint64_t directory);

    std::shared_ptr<const base::MappedFile> mapped_;
    std::filesystem::path file_;
    std::map<std::string, Entry> entries_;
    std::uint64_t inflated_ = 0;
};

}  // namespace distillar::formats
