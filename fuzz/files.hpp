#pragma once
/// Files in memory for readers that take paths.
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "fuzz/target.hpp"
#include "tests/support/memory_folder.hpp"

namespace distillar::fuzz {

/// One file without a name in any folder: gone with the process, whatever ends it.
class MemoryFile {
public:
    MemoryFile() : descriptor_(memfd_create("fuzz", MFD_CLOEXEC)) {
        if (descriptor_ < 0) {
            throw std::system_error(errno, std::generic_category(), "memfd_create");
        }
        path_ = "/proc/self/fd/" + std::to_string(descriptor_);
    }
    ~MemoryFile() { close(descriptor_); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    /// The path of a file with this content. What was mapped from the one before must be gone.
    const std::filesystem::path& lay(Bytes bytes) {
        const auto size = static_cast<ssize_t>(bytes.size());
        if (ftruncate(descriptor_, 0) != 0 || ftruncate(descriptor_, size) != 0 ||
            pwrite(descriptor_, bytes.data(), bytes.size(), 0) != size) {
            throw std::system_error(errno, std::generic_category(), "memory file");
        }
        return path_;
    }
    const std::filesystem::path& lay(const std::string& text) {
        return lay(std::as_bytes(std::span(text)));
    }

private:
    int descriptor_;
    std::filesystem::path path_;
};

using test::MemoryFolder;

/// The path of a file of that name, its folders made, with this content.
inline std::filesystem::path lay(const MemoryFolder& folder, const std::string& name,
                                 const std::string& text) {
    const auto file = folder / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
    return file;
}

}  // namespace distillar::fuzz
