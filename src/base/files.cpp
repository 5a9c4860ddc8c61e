#include "base/files.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "base/error.hpp"

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

template <typename Container>
Container read_into(const fs::path& file, std::uint64_t limit) {
    const std::uint64_t size = size_of_regular(file);
    if (size > limit) {
        fail_in(file, "is {} bytes, more than the {} this reader accepts", size, limit);
    }
    Container content(size, {});
    std::ifstream stream(file, std::ios::binary);
    if (!stream.read(reinterpret_cast<char*>(content.data()), static_cast<std::streamsize>(size))) {
        fail_in(file, "cannot be read ({} bytes expected); check its permissions", size);
    }
    return content;
}

}  // namespace

std::vector<std::byte> read_file(const fs::path& file, std::uint64_t limit) {
    return read_into<std::vector<std::byte>>(file, limit);
}

std::string read_text(const fs::path& file, std::uint64_t limit) {
    return read_into<std::string>(file, limit);
}

MappedFile::MappedFile(const fs::path& file) {
    const std::uint64_t size = size_of_regular(file);
    if (size == 0) {
        return;
    }
    const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        fail_in(file, "cannot be opened: {}", std::strerror(errno));
    }
    void* address = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    const int error = errno;
    close(descriptor);
    if (address == MAP_FAILED) {
        fail_in(file, "cannot be mapped into memory: {}", std::strerror(error));
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
    std::error_code ignored;
    if (file_.has_parent_path()) {
        fs::create_directories(file_.parent_path(), ignored);
    }
    // Two writers of one file, in this process or another, must not share the temporary one.
    static std::atomic<unsigned> writers{0};
    temporary_ = file_;
    temporary_ += fmt::format(".{}-{}.part", getpid(), writers++);
    stream_ = std::fopen(temporary_.c_str(), "wb");
    if (stream_ == nullptr) {
        fail_with_errno("cannot be written");
    }
}

AtomicFile::~AtomicFile() {
    if (stream_ != nullptr) {
        std::fclose(stream_);
        std::error_code ignored;
        fs::remove(temporary_, ignored);
    }
}

void AtomicFile::fail_with_errno(const char* what) const {
    fail_in(file_, "{}: {}; check the folder, its permissions and free space", what,
            std::strerror(errno));
}

void AtomicFile::write(std::span<const std::byte> bytes) {
    if (!bytes.empty() && std::fwrite(bytes.data(), 1, bytes.size(), stream_) != bytes.size()) {
        fail_with_errno("cannot be written");
    }
}

void AtomicFile::write(std::string_view text) {
    write(std::as_bytes(std::span(text)));
}

void AtomicFile::commit() {
    if (std::fflush(stream_) != 0 || fsync(fileno(stream_)) != 0) {
        fail_with_errno("cannot be written");
    }
    if (std::fclose(std::exchange(stream_, nullptr)) != 0 ||
        std::rename(temporary_.c_str(), file_.c_str()) != 0) {
        const int error = errno;
        std::error_code ignored;
        fs::remove(temporary_, ignored);
        errno = error;
        fail_with_errno("cannot be put in place");
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
