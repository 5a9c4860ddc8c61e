#include "base/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/file_calls.hpp"

namespace distillar::base {

FolderLock::FolderLock(std::filesystem::path folder, bool inherited) {
    std::error_code error;
    file_calls::create_directories(folder, error);
    folder_ = file_calls::open(folder, O_RDONLY | O_DIRECTORY);
    if (folder_ < 0) {
        fail_in(folder, "cannot be made or opened; check the path and its permissions");
    }
    if (inherited) {
        fcntl(folder_, F_SETFD, 0);  // stays open in children
    }
    held_ = flock(folder_, LOCK_EX | LOCK_NB) == 0;
}

FolderLock::~FolderLock() {
    if (folder_ >= 0) {
        close(folder_);
    }
}

}  // namespace distillar::base
