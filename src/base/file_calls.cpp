#include "base/file_calls.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cassert>
#include <cerrno>
#include <cstdio>

namespace distillar::base {

namespace {

using Kind = FileFault::Kind;

enum class Call { open_to_read, open_to_write, read, write, sync, rename, map, make_folder };

std::atomic<bool> planned{false};
Kind planned_kind{};
std::uint64_t planned_call = 0;
std::atomic<std::uint64_t> seen{0};

bool concerns(Kind kind, Call call, std::size_t bytes) {
    switch (kind) {
        case Kind::no_space:
            return call != Call::open_to_read && call != Call::read && call != Call::map;
        case Kind::io_error:
            return true;
        case Kind::short_write:
            return call == Call::write && bytes > 1;
        case Kind::short_read:
            return call == Call::read && bytes > 1;
    }
    return false;
}

/// Whether it is this call that goes wrong.
bool strikes(Kind kind, Call call, std::size_t bytes = 0) {
    return planned.load(std::memory_order_acquire) && planned_kind == kind &&
           concerns(kind, call, bytes) && seen++ == planned_call;
}

/// Whether this call fails; errno says how.
bool fails(Call call) {
    if (strikes(Kind::no_space, call)) {
        errno = ENOSPC;
        return true;
    }
    if (strikes(Kind::io_error, call)) {
        errno = EIO;
        return true;
    }
    return false;
}

}  // namespace

namespace file_calls {

int open(const std::filesystem::path& file, int flags) {
    constexpr mode_t everybody = 0666;  // less the umask, as fopen does
    const bool writes = (flags & O_ACCMODE) != O_RDONLY;
    return fails(writes ? Call::open_to_write : Call::open_to_read)
               ? -1
               : ::open(file.c_str(), flags | O_CLOEXEC, everybody);
}

ssize_t read(int descriptor, void* bytes, std::size_t count) {
    if (fails(Call::read)) {
        return -1;
    }
    return ::read(descriptor, bytes,
                  strikes(Kind::short_read, Call::read, count) ? count / 2 : count);
}

ssize_t write(int descriptor, const void* bytes, std::size_t count) {
    if (fails(Call::write)) {
        return -1;
    }
    return ::write(descriptor, bytes,
                   strikes(Kind::short_write, Call::write, count) ? count / 2 : count);
}

int fsync(int descriptor) {
    return fails(Call::sync) ? -1 : ::fsync(descriptor);
}

int rename(const std::filesystem::path& from, const std::filesystem::path& to) {
    return fails(Call::rename) ? -1 : std::rename(from.c_str(), to.c_str());
}

void* mmap(std::size_t size, int descriptor) {
    return fails(Call::map) ? MAP_FAILED
                            : ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
}

void create_directories(const std::filesystem::path& folder, std::error_code& error) {
    if (fails(Call::make_folder)) {
        error = {errno, std::generic_category()};
        return;
    }
    std::filesystem::create_directories(folder, error);
}

}  // namespace file_calls

FileFault::FileFault(Kind kind, std::uint64_t call) {
    assert(!planned);
    planned_kind = kind;
    planned_call = call;
    seen = 0;
    planned.store(true, std::memory_order_release);
}

FileFault::~FileFault() {
    planned = false;
}

bool FileFault::met() const {
    return seen > planned_call;
}

}  // namespace distillar::base
