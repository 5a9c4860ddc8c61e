#include "runtime/measure/peak_memory.hpp"

#include <malloc.h>

#include <fstream>
#include <string>

/// tcmalloc's, where the program is linked with it.
extern "C" [[gnu::weak]] void MallocExtension_ReleaseFreeMemory();

namespace distillar::runtime {

bool reset_peak_memory() {
    if (MallocExtension_ReleaseFreeMemory != nullptr) {
        MallocExtension_ReleaseFreeMemory();
    } else {
        malloc_trim(0);
    }
    std::ofstream file("/proc/self/clear_refs");
    file << "5" << std::flush;  // proc(5): resets VmHWM
    return file.good();
}

std::optional<std::size_t> peak_memory() {
    std::ifstream file("/proc/self/status");
    std::string word;
    while (file >> word) {
        std::size_t kilobytes = 0;
        if (word == "VmHWM:" && file >> kilobytes) {
            return 1024 * kilobytes;
        }
    }
    return std::nullopt;
}

}  // namespace distillar::runtime
