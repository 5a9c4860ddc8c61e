#include "base/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/error.hpp"

namespace distillar::base {

FolderLock::FolderLock(std::filesystem::path folder, bool inherited) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    folder_ = open(folder.c_str(), O_RDONLY | O_DIRECTORY | (inherited ? 0 : O_CLOEXEC));
    if (folder_ < 0) {
        fail_in(folder, "cannot be made or opened; check the path and its permissions");
    }
    held_ = flock(folder_, LOCK_EX | LOCK_NB) == 0;
}

FolderLock::~FolderLock() {
    if (folder_ >= 0) {
        close(folder_);
    }
}

}  // namespace distillar::base
