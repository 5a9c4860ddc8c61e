#include "formats/zip.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/error.hpp"
#include "base/limits.hpp"
#include "formats/inflate.hpp"
#include "formats/records.hpp"

namespace distillar::formats {

namespace {

// Layouts and signatures: PKWARE's APPNOTE.TXT, sections 4.3.7 to 4.3.16 and 4.5.3.
constexpr std::uint32_t local_signature = 0x04034b50;
constexpr std::uint32_t entry_signature = 0x02014b50;
constexpr std::uint32_t end_signature = 0x06054b50;
constexpr std::uint32_t end64_signature = 0x06064b50;
constexpr std::uint32_t locator64_signature = 0x07064b50;
constexpr std::uint64_t local_size = 30, entry_size = 46, end_size = 22, end64_size = 56,
                        locator64_size = 20;
constexpr std::uint32_t saturated = 0xFFFFFFFF;  // the value is in a zip64 field instead
constexpr std::uint64_t max_ratio = 1032;        // of deflate, by its design

template <typename Number>
Number load(std::span<const std::byte> bytes, std::uint64_t offset) {
    Number value;
    std::memcpy(&value, bytes.data() + offset, sizeof(Number));
    return value;
}

std::string shown(const std::string& name) {
    return printable(name, 200);
}

bool inside(std::uint64_t offset, std::uint64_t size, std::uint64_t end) {
    return offset <= end && size <= end - offset;
}

/// The zip64 extra field holds, in this order, those of the values that were saturated.
class Extra64 {
public:
    explicit Extra64(std::span<const std::byte> extra) {
        while (extra.size() >= 4) {
            const auto id = load<std::uint16_t>(extra, 0);
            const auto size = load<std::uint16_t>(extra, 2);
            if (size > extra.size() - 4) {
                return;
            }
            if (id == 1) {
                field_ = extra.subspan(4, size);
                return;
            }
            extra = extra.subspan(4u + size);
        }
    }

    /// False if the value is saturated and the field has no more.
    bool resolve(std::uint64_t& value) {
        if (value != saturated) {
            return true;
        }
        if (field_.size() < 8) {
            return false;
        }
        value = load<std::uint64_t>(field_, 0);
        field_ = field_.subspan(8);
        return true;
    }

private:
    std::span<const std::byte> field_;
};

std::uint32_t checksum_of(std::span<const std::byte> bytes) {
    return static_cast<std::uint32_t>(crc32_z(
        crc32_z(0, nullptr, 0), reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

}  // namespace

ZipFile::ZipFile(std::shared_ptr<const base::MappedFile> mapped, std::filesystem::path file)
    : mapped_(std::move(mapped)), file_(std::move(file)) {
    find_directory();
}

/// The end record is the file's last 22 bytes, or lies before a comment of at most 64 KiB that
/// reaches exactly to the end of the file.
void ZipFile::find_directory() {
    const auto bytes = mapped_->bytes();
    constexpr std::uint64_t max_comment = 0xFFFF;
    for (std::uint64_t comment = 0; comment <= max_comment; ++comment) {
        if (bytes.size() < end_size + comment) {
            break;
        }
        const std::uint64_t end = bytes.size() - end_size - comment;
        if (load<std::uint32_t>(bytes, end) != end_signature ||
            load<std::uint16_t>(bytes, end + 20) != comment) {
            continue;
        }
        std::uint64_t count = load<std::uint16_t>(bytes, end + 10);
        std::uint64_t size = load<std::uint32_t>(bytes, end + 12);
        std::uint64_t offset = load<std::uint32_t>(bytes, end + 16);
        if (count == 0xFFFF || size == saturated || offset == saturated) {
            const bool locator =
                end >= locator64_size &&
                load<std::uint32_t>(bytes, end - locator64_size) == locator64_signature;
            const auto end64 = locator ? load<std::uint64_t>(bytes, end - locator64_size + 8) : 0;
            if (!locator || !inside(end64, end64_size, end) ||
                load<std::uint32_t>(bytes, end64) != end64_signature) {
                base::fail_in(file_, "offset {}: the zip64 directory is missing; it is damaged",
                              end);
            }
            count = load<std::uint64_t>(bytes, end64 + 32);
            size = load<std::uint64_t>(bytes, end64 + 40);
            offset = load<std::uint64_t>(bytes, end64 + 48);
        }
        if (!inside(offset, size, end)) {
            base::fail_in(file_,
                          "offset {}: the zip directory lies outside the file; it is damaged", end);
        }
        read_directory(offset, size, count);
        return;
    }
    base::fail_in(file_,
                  "has no zip directory at its end; it is truncated, something was appended, "
                  "or it is no zip file");
}

void ZipFile::read_directory(std::uint64_t offset, std::uint64_t size, std::uint64_t count) {
    const std::uint64_t begin = offset;
    const std::uint64_t end = offset + size;
    for (std::uint64_t i = 0; i < count; ++i) {
        offset = read_entry(offset, end);
    }
    if (offset != end) {
        base::fail_in(file_, "offset {}: the zip directory is longer than its {} entries", offset,
                      count);
    }
    limit_entries(begin);
}

/// No two entries may share bytes: a small file would hold far more than its size.
void ZipFile::limit_entries(std::uint64_t directory) {
    std::vector<Entry*> order;
    for (auto& [name, entry] : entries_) {
        order.push_back(&entry);
    }
    std::ranges::sort(order, {}, &Entry::offset);
    for (std::size_t i = 0; i < order.size(); ++i) {
        const bool shared = i > 0 && order[i - 1]->offset == order[i]->offset;
        const auto next = i + 1 < order.size() ? order[i + 1]->offset : directory;
        order[i]->limit = shared ? order[i]->offset : next;
    }
}

/// Returns the offset of the next entry.
std::uint64_t ZipFile::read_entry(std::uint64_t offset, std::uint64_t end) {
    const auto bytes = mapped_->bytes();
    if (!inside(offset, entry_size, end) || load<std::uint32_t>(bytes, offset) != entry_signature) {
        base::fail_in(file_, "offset {}: no zip directory entry where one must be; it is damaged",
                      offset);
    }
    Entry entry;
    entry.flags = load<std::uint16_t>(bytes, offset + 8);
    entry.method = load<std::uint16_t>(bytes, offset + 10);
    entry.checksum = load<std::uint32_t>(bytes, offset + 16);
    entry.packed = load<std::uint32_t>(bytes, offset + 20);
    entry.size = load<std::uint32_t>(bytes, offset + 24);
    entry.offset = load<std::uint32_t>(bytes, offset + 42);
    const std::uint64_t name_size = load<std::uint16_t>(bytes, offset + 28);
    const std::uint64_t extra_size = load<std::uint16_t>(bytes, offset + 30);
    const std::uint64_t comment_size = load<std::uint16_t>(bytes, offset + 32);
    const std::uint64_t total = entry_size + name_size + extra_size + comment_size;
    if (!inside(offset, total, end)) {
        base::fail_in(file_, "offset {}: a zip directory entry exceeds the directory", offset);
    }
    Extra64 extra(bytes.subspan(offset + entry_size + name_size, extra_size));
    if (!extra.resolve(entry.size) || !extra.resolve(entry.packed) ||
        !extra.resolve(entry.offset)) {
        base::fail_in(file_, "offset {}: a zip directory entry lacks its zip64 sizes", offset);
    }
    const std::string name(reinterpret_cast<const char*>(bytes.data()) + offset + entry_size,
                           name_size);
    if (!entries_.emplace(name, entry).second) {
        base::fail_in(file_, "offset {}: the zip entry {} occurs twice", offset, shown(name));
    }
    return offset + total;
}

/// The entry's bytes as stored. The local header must agree with the directory.
std::span<const std::byte> ZipFile::packed_bytes(const std::string& name,
                                                 const Entry& entry) const {
    const auto bytes = mapped_->bytes();
    const auto damaged = [&](const char* what) {
        base::fail_in(file_, "zip entry {}: {}; the file is truncated or damaged", shown(name),
                      what);
    };
    if (!inside(entry.offset, local_size, bytes.size()) ||
        load<std::uint32_t>(bytes, entry.offset) != local_signature) {
        damaged("its header is not where the directory says");
    }
    const std::uint64_t name_size = load<std::uint16_t>(bytes, entry.offset + 26);
    const std::uint64_t extra_size = load<std::uint16_t>(bytes, entry.offset + 28);
    const std::uint64_t begin = entry.offset + local_size + name_size + extra_size;
    if (!inside(begin, entry.packed, bytes.size())) {
        damaged("it exceeds the file");
    }
    if (begin > entry.limit || entry.packed > entry.limit - begin) {
        damaged("it overlaps another entry or the directory");
    }
    const auto local_name = bytes.subspan(entry.offset + local_size, name_size);
    if (!std::ranges::equal(local_name, std::as_bytes(std::span(name)))) {
        damaged("its own header has another name");
    }
    const bool sizes_follow = (load<std::uint16_t>(bytes, entry.offset + 6) & 8) != 0;
    Extra64 extra(bytes.subspan(entry.offset + local_size + name_size, extra_size));
    std::uint64_t packed = load<std::uint32_t>(bytes, entry.offset + 18);
    std::uint64_t size = load<std::uint32_t>(bytes, entry.offset + 22);
    const bool known = extra.resolve(size) && extra.resolve(packed);
    if (!sizes_follow && (!known || packed != entry.packed || size != entry.size)) {
        damaged("its own header has other sizes than the directory");
    }
    return bytes.subspan(begin, entry.packed);
}

OwnedBytes ZipFile::read(const std::string& name) {
    const auto found = entries_.find(name);
    if (found == entries_.end()) {
        base::fail_in(file_, "has no zip entry {}; the file is incomplete", shown(name));
    }
    const Entry& entry = found->second;
    if ((entry.flags & 1) != 0 || (entry.method != 0 && entry.method != 8)) {
        base::fail_in(file_,
                      "zip entry {}: is encrypted or compressed by method {}; save it anew "
                      "with torch.save",
                      shown(name), entry.method);
    }
    OwnedBytes content{packed_bytes(name, entry), mapped_};
    if (entry.method == 8) {
        if (entry.size / max_ratio > entry.packed) {
            base::fail_in(
                file_,
                "zip entry {}: {} bytes cannot decompress to the {} it promises; it is damaged",
                shown(name), entry.packed, entry.size);
        }
        inflated_ = base::checked_add(inflated_, entry.size, file_, "zip entries");
        base::require_within(inflated_, &base::Limits::inflated, file_,
                             "zip entry " + shown(name) + " and those before it decompress to");
        auto inflated = std::make_shared<const std::vector<std::byte>>(
            inflate_raw(content.bytes, entry.size, file_, "zip entry " + shown(name)));
        content = {*inflated, inflated};
    } else if (entry.packed != entry.size) {
        base::fail_in(file_,
                      "zip entry {}: is stored, yet its sizes {} and {} differ; it is "
                      "damaged",
                      shown(name), entry.packed, entry.size);
    }
    if (checksum_of(content.bytes) != entry.checksum) {
        base::fail_in(file_,
                      "zip entry {}: the checksum does not match; copy or download the file "
                      "again",
                      shown(name));
    }
    return content;
}

}  // namespace distillar::formats
