#include "base/files.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "base/error.hpp"
#include "base/file_calls.hpp"

namespace distillar::base {

namespace fs = std::filesystem;

namespace {

std::uint64_t size_of_regular(const fs::path& file) {
    std::error_code error;
    const auto status = fs::status(file, error);
    if (!fs::exists(status)) {
        fail_in(file, "no such file; check the path");
    }
    if (!fs::is_regular_file(status)) {
        fail_in(file, "is not a regular file; name a file, not a folder or device");
    }
    const auto size = fs::file_size(file, error);
    if (error) {
        fail_in(file, "cannot be read: {}", error.message());
    }
    return size;
}

std::uint64_t size_within(const fs::path& file, std::uint64_t Limits::*limit) {
    const std::uint64_t size = size_of_regular(file);
    require_within(size, limit, file, "is");
    return size;
}

/// Closes what was opened, however the scope ends.
struct Closing {
    int descriptor;
    ~Closing() { close(descriptor); }
};

int open_to_read(const fs::path& file) {
    const int descriptor = file_calls::open(file, O_RDONLY);
    if (descriptor < 0) {
        fail_in(file, "cannot be opened: {}", std::strerror(errno));
    }
    return descriptor;
}

template <typename Container>
Container read_into(const fs::path& file, std::uint64_t size) {
    const Closing opened{open_to_read(file)};
    Container content(size, {});
    for (std::uint64_t done = 0; done < size;) {
        const ssize_t count =
            file_calls::read(opened.descriptor, content.data() + done, size - done);
        if (count < 0 && errno != EINTR) {
            fail_in(file, "cannot be read: {}", std::strerror(errno));
        }
        if (count == 0) {
            fail_in(file, "ends at byte {} of {}; something cuts it while it is read", done, size);
        }
        done += count > 0 ? static_cast<std::uint64_t>(count) : 0;
    }
    return content;
}

/// Whether all bytes went out; errno says why not.
bool write_all(int descriptor, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t count = file_calls::write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno != EINTR) {
            return false;
        }
        bytes = bytes.subspan(count > 0 ? static_cast<std::size_t>(count) : 0);
    }
    return true;
}

constexpr const char* what_to_check = "check the folder, its permissions and free space";

}  // namespace

std::vector<std::byte> read_file(const fs::path& file, std::uint64_t Limits::*limit) {
    return read_into<std::vector<std::byte>>(file, size_within(file, limit));
}

std::string read_text(const fs::path& file, std::uint64_t Limits::*limit) {
    return read_into<std::string>(file, size_within(file, limit));
}

std::string read_text(const fs::path& file, std::uint64_t most) {
    const std::uint64_t size = size_of_regular(file);
    if (size > most) {
        fail_in(file, "is {} bytes, more than the {} of any such file; is it damaged?", size, most);
    }
    return read_into<std::string>(file, size);
}

MappedFile::MappedFile(const fs::path& file) {
    const std::uint64_t size = size_of_regular(file);
    if (size == 0) {
        return;
    }
    const Closing opened{open_to_read(file)};
    void* address = file_calls::mmap(size, opened.descriptor);
    if (address == MAP_FAILED) {
        fail_in(file, "cannot be mapped into memory: {}", std::strerror(errno));
    }
    bytes_ = {static_cast<const std::byte*>(address), size};
}

MappedFile::~MappedFile() {
    if (!bytes_.empty()) {
        munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
    }
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
}

AtomicFile::AtomicFile(fs::path file) : file_(std::move(file)) {
    std::error_code ignored;  // opening says it better
    if (file_.has_parent_path()) {
        file_calls::create_directories(file_.parent_path(), ignored);
    }
    // Two writers of one file, in this process or another, must not share the temporary one.
    static std::atomic<unsigned> writers{0};
    temporary_ = file_;
    temporary_ += fmt::format(".{}-{}.part", getpid(), writers++);
    descriptor_ = file_calls::open(temporary_, O_WRONLY | O_CREAT | O_TRUNC);
    if (descriptor_ < 0) {
        fail_with_errno("cannot be written");
    }
}

AtomicFile::~AtomicFile() {
    if (descriptor_ >= 0) {
        close(descriptor_);
        std::error_code ignored;
        fs::remove(temporary_, ignored);
    }
}

void AtomicFile::fail_with_errno(const char* what) const {
    fail_in(file_, "{}: {}; {}", what, std::strerror(errno), what_to_check);
}

void AtomicFile::write(std::span<const std::byte> bytes) {
    constexpr std::size_t most_buffered = 64 << 10;
    if (buffer_.size() + bytes.size() <= most_buffered) {
        buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
        return;
    }
    flush();
    if (!write_all(descriptor_, bytes)) {
        fail_with_errno("cannot be written");
    }
}

void AtomicFile::write(std::string_view text) {
    write(std::as_bytes(std::span(text)));
}

void AtomicFile::flush() {
    if (!write_all(descriptor_, buffer_)) {
        fail_with_errno("cannot be written");
    }
    buffer_.clear();
}

void AtomicFile::commit() {
    flush();
    if (file_calls::fsync(descriptor_) != 0) {
        fail_with_errno("cannot be written");
    }
    if (file_calls::rename(temporary_, file_) != 0) {
        fail_with_errno("cannot be put in place");
    }
    close(std::exchange(descriptor_, -1));  // synced: nothing is left that could fail
}

RecordFile::RecordFile(fs::path file) : file_(std::move(file)) {
    descriptor_ = file_calls::open(file_, O_WRONLY | O_CREAT | O_APPEND);
    if (descriptor_ < 0) {
        fail_in(file_, "cannot be written: {}; {}", std::strerror(errno), what_to_check);
    }
}

RecordFile::~RecordFile() {
    if (descriptor_ >= 0) {
        close(descriptor_);
    }
}

RecordFile::RecordFile(RecordFile&& other) noexcept
    : file_(std::move(other.file_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

RecordFile& RecordFile::operator=(RecordFile&& other) noexcept {
    std::swap(file_, other.file_);
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

void RecordFile::append(std::string_view record) {
    if (!write_all(descriptor_, std::as_bytes(std::span(record)))) {
        fail_in(file_, "cannot be written: {}; {}", std::strerror(errno), what_to_check);
    }
}

void write_file(const fs::path& file, std::span<const std::byte> bytes) {
    AtomicFile out(file);
    out.write(bytes);
    out.commit();
}

void write_file(const fs::path& file, std::string_view text) {
    write_file(file, std::as_bytes(std::span(text)));
}

std::uint64_t checked_multiply(std::uint64_t a, std::uint64_t b, const fs::path& file,
                               std::string_view field) {
    std::uint64_t product = 0;
    if (__builtin_mul_overflow(a, b, &product)) {
        fail_in(file, "{}: {} x {} overflows; the file is damaged", field, a, b);
    }
    return product;
}

std::uint64_t checked_add(std::uint64_t a, std::uint64_t b, const fs::path& file,
                          std::string_view field) {
    std::uint64_t sum = 0;
    if (__builtin_add_overflow(a, b, &sum)) {
        fail_in(file, "{}: {} + {} overflows; the file is damaged", field, a, b);
    }
    return sum;
}

fs::path expand_path(const std::string& path) {
    std::string result;
    for (std::size_t i = 0; i < path.size();) {
        const bool home = i == 0 && path[0] == '~' && (path.size() == 1 || path[1] == '/');
        if (path[i] != '$' && !home) {
            result += path[i++];
            continue;
        }
        std::string name = "HOME";
        std::size_t end = i + 1;
        if (!home) {
            const bool braces = end < path.size() && path[end] == '{';
            const std::size_t begin = end + (braces ? 1 : 0);
            end = begin;
            while (end < path.size() &&
                   (std::isalnum(static_cast<unsigned char>(path[end])) || path[end] == '_')) {
                ++end;
            }
            name = path.substr(begin, end - begin);
            if (name.empty() || (braces && (end == path.size() || path[end] != '}'))) {
                fail("{}: '$' must be followed by NAME or {{NAME}}; correct the path", path);
            }
            end += braces ? 1 : 0;
        }
        const char* value = std::getenv(name.c_str());
        if (value == nullptr) {
            fail("{}: the environment variable {} is not set; export it or write the path out",
                 path, name);
        }
        result += value;
        i = end;
    }
    return result;
}

fs::path configs_folder() {
    std::vector<fs::path> candidates;
    if (const char* named = std::getenv("DISTILLAR_CONFIGS")) {
        candidates.emplace_back(named);
    } else {
        std::error_code ignored;
        const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
        candidates.push_back(program.parent_path().parent_path() / "share/distillar/configs");
        candidates.emplace_back(DISTILLAR_SOURCE_CONFIGS);
    }
    for (const auto& candidate : candidates) {
        if (fs::is_directory(candidate / "taxonomies")) {
            return candidate;
        }
    }
    fail("{}: holds no taxonomies; set DISTILLAR_CONFIGS to the project's configs folder",
         candidates.back().string());
}

}  // namespace distillar::base
