#pragma once
#include <filesystem>

namespace distillar::base {

/// One process at a time: holds the lock of a folder, which is made, until it dies. The lock ends
/// with the process, however that ends.
class FolderLock {
public:
    /// @param inherited  child processes hold it too, as long as one of them lives.
    explicit FolderLock(std::filesystem::path folder, bool inherited = false);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

    /// Whether it is held by us. @throws Error if the folder cannot be made or opened.
    bool held() const { return held_; }

private:
    int folder_ = -1;
    bool held_ = false;
};

}  // namespace distillar::base
