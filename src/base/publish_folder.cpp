#include "base/publish_folder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/error.hpp"
#include "base/file_calls.hpp"

namespace distillar::base {

namespace fs = std::filesystem;

namespace {

void sync_folder(const fs::path& folder) {
    const int opened = file_calls::open(folder, O_RDONLY | O_DIRECTORY);
    const bool synced = opened >= 0 && file_calls::fsync(opened) == 0;
    const int error = errno;
    if (opened >= 0) {
        close(opened);
    }
    if (!synced) {
        fail_in(folder, "cannot be put on disk: {}", std::strerror(error));
    }
}

}  // namespace

void publish_folder(const fs::path& finished, const fs::path& place) {
    sync_folder(finished);
    std::error_code error;
    fs::remove_all(place, error);
    if (!error && file_calls::rename(finished, place) != 0) {
        error = {errno, std::generic_category()};
    }
    if (error) {
        fail_in(place, "cannot be put in place: {}", error.message());
    }
    sync_folder(place.parent_path());
}

}  // namespace distillar::base
