#include "base/hash.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <system_error>

#include "base/error.hpp"
#include "base/files.hpp"

namespace distillar::base {

namespace fs = std::filesystem;

std::string hash_of(std::span<const std::byte> bytes) {
    const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
    return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

std::string hash_of(std::string_view text) {
    return hash_of(std::as_bytes(std::span(text)));
}

std::string hash_of_file(const fs::path& file) {
    return hash_of(MappedFile(file).bytes());
}

std::string FileHashes::of(const fs::path& file) {
    std::error_code no_size;
    std::error_code no_time;
    const std::uintmax_t size = fs::file_size(file, no_size);
    const auto changed = fs::last_write_time(file, no_time);
    if (no_size || no_time) {
        return hash_of_file(file);  // says what is wrong
    }
    {
        const std::scoped_lock lock(mutex_);
        const auto known = known_.find(file.string());
        if (known != known_.end() && known->second.size == size &&
            known->second.changed == changed) {
            return known->second.hash;
        }
    }
    const std::string hash = hash_of_file(file);
    const std::scoped_lock lock(mutex_);
    known_[file.string()] = {size, changed, hash};
    return hash;
}

}  // namespace distillar::base
