#pragma once
#include <malloc.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

namespace distillar::test {

/// Memory that the process held at most since this object was made, beyond what it held then.
/// Linux tells the peak (VmHWM of /proc/self/status) and begins it anew when asked to
/// (/proc/self/clear_refs), so whatever allocates is counted: zlib, libpng, mapped files too.
class PeakMemory {
public:
    PeakMemory() {
        malloc_trim(0);  // what is free but kept would hide as much
        std::ofstream("/proc/self/clear_refs") << "5";
        before_ = kilobytes("VmHWM:");
    }

    std::uint64_t grown() const {
        const auto now = kilobytes("VmHWM:");
        return now > before_ ? (now - before_) << 10 : 0;
    }

    /// Sanitizers keep what was freed, and keep books of their own.
    static constexpr bool is_meaningful() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        return false;
#else
        return true;
#endif
    }

private:
    static std::uint64_t kilobytes(const std::string& name) {
        std::ifstream status("/proc/self/status");
        for (std::string word; status >> word;) {
            if (word == name) {
                std::uint64_t value = 0;
                status >> value;
                return value;
            }
        }
        return 0;
    }

    std::uint64_t before_ = 0;
};

/// The project's promise: reading takes at most 64 MB and four times the file.
inline std::uint64_t allowed_memory(std::uint64_t file_bytes) {
    return (std::uint64_t{64} << 20) + 4 * file_bytes;
}

}  // namespace distillar::test

/// @param memory  a PeakMemory from before the file of `bytes` was read.
#define EXPECT_WITHIN_MEMORY(memory, bytes)                                              \
    if (::distillar::test::PeakMemory::is_meaningful()) {                                \
        EXPECT_LE((memory).grown(), ::distillar::test::allowed_memory(bytes)) << "peak"; \
    }                                                                                    \
    static_assert(true)
