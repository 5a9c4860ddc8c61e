#include "base/publish_folder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace distillar::base {

namespace fs = std::filesystem;

namespace {

void sync_folder(const fs::path& folder) {
    const int opened = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0 || fsync(opened) != 0) {
        const int error = errno;
        if (opened >= 0) {
            close(opened);
        }
        fail_in(folder, "cannot be put on disk: {}", std::strerror(error));
    }
    close(opened);
}

}  // namespace

void publish_folder(const fs::path& finished, const fs::path& place) {
    sync_folder(finished);
    std::error_code error;
    fs::remove_all(place, error);
    if (!error) {
        fs::rename(finished, place, error);
    }
    if (error) {
        fail_in(place, "cannot be put in place: {}", error.message());
    }
    sync_folder(place.parent_path());
}

}  // namespace distillar::base
