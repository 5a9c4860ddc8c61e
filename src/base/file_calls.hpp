#pragma once
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <system_error>

namespace distillar::base {

/// The system calls by which the program reads and writes files, all of them, each as it is named:
/// -1 (mmap: MAP_FAILED) and errno where it fails. They stand here so that a test can make the n-th
/// of them fail (FileFault); mapped memory, listings and removals are not among them.
namespace file_calls {

int open(const std::filesystem::path& file, int flags);
ssize_t read(int descriptor, void* bytes, std::size_t count);
ssize_t write(int descriptor, const void* bytes, std::size_t count);
int fsync(int descriptor);
int rename(const std::filesystem::path& from, const std::filesystem::path& to);
void* mmap(std::size_t size, int descriptor);
void create_directories(const std::filesystem::path& folder, std::error_code& error);

}  // namespace file_calls

/// While it lives, one file call of this process goes wrong, as hardware and full disks make it.
/// For tests: one at a time, and only calls of one thread are counted in an order that repeats.
class FileFault {
public:
    enum class Kind {
        no_space,     ///< ENOSPC, of calls that may take space: open to write, write, fsync, ...
        io_error,     ///< EIO, of any call
        short_write,  ///< half of the bytes are written, and the call says so
        short_read,   ///< half of the bytes are read, and the call says so
    };

    /// @param call  which of the calls that can go wrong in this way, from 0.
    FileFault(Kind kind, std::uint64_t call);
    ~FileFault();
    FileFault(const FileFault&) = delete;
    FileFault& operator=(const FileFault&) = delete;

    /// Whether there were so many calls.
    bool met() const;
};

}  // namespace distillar::base
