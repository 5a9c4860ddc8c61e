#include "formats/pth.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>

#include "base/error.hpp"
#include "base/files.hpp"
#include "formats/other_kind.hpp"
#include "formats/pickle.hpp"
#include "formats/pth_tensors.hpp"
#include "formats/records.hpp"
#include "formats/zip.hpp"

namespace distillar::formats {

namespace {

using Kind = PickleValue::Kind;
using Mapped = std::shared_ptr<const base::MappedFile>;

/// The first pickle of the legacy layout: protocol 2, LONG1 of 10 bytes, 0x1950a86a20f9469cfc6c.
constexpr auto legacy_magic = std::to_array<unsigned char>(
    {0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e});
constexpr auto zip_magic = std::to_array<unsigned char>({'P', 'K', 3, 4});
constexpr std::int64_t legacy_version = 1001;

bool starts_with(std::span<const std::byte> bytes, std::span<const unsigned char> magic) {
    return bytes.size() >= magic.size() &&
           std::memcmp(bytes.data(), magic.data(), magic.size()) == 0;
}

/// Copies of strided tensors may take a few times the file: enough for any that was computed with.
std::uint64_t copy_budget(const Mapped& mapped) {
    return 4 * static_cast<std::uint64_t>(mapped->bytes().size()) + (std::uint64_t{1} << 26);
}

/// Bytes of a storage; its promised count must fill them exactly.
void check_storage(const StorageId& id, std::uint64_t bytes, const std::filesystem::path& file) {
    if (base::checked_multiply(id.count, size_of(id.dtype), file, printable(id.key, 100)) !=
        bytes) {
        base::fail_in(file,
                      "storage {}: holds {} bytes where {} elements of {} are promised; it is "
                      "damaged",
                      printable(id.key, 100), bytes, id.count, name_of(id.dtype));
    }
}

// --- zip layout: NAME/data.pkl, NAME/data/KEY, NAME/byteorder ----------------------------------

/// "NAME/", the folder that holds data.pkl.
std::string root_folder(const ZipFile& zip, const std::filesystem::path& file) {
    constexpr std::string_view wanted = "/data.pkl";
    for (const auto& [name, entry] : zip.entries()) {
        if (name.ends_with(wanted) && name.find('/') == name.size() - wanted.size()) {
            return name.substr(0, name.size() - wanted.size() + 1);
        }
    }
    base::fail_in(file, "is a zip file without NAME/data.pkl; not written by torch.save");
}

Tensors read_zip(const Mapped& mapped, const std::filesystem::path& file) {
    ZipFile zip(mapped, file);
    const std::string root = root_folder(zip, file);
    if (zip.entries().contains(root + "byteorder")) {
        const auto order = zip.read(root + "byteorder").bytes;
        if (std::string_view(reinterpret_cast<const char*>(order.data()), order.size()) !=
            "little") {
            base::fail_in(file,
                          "was written on a big-endian machine; save it on a little-endian "
                          "one");
        }
    }
    const OwnedBytes pickled = zip.read(root + "data.pkl");
    const Pickle pickle = read_pickle(pickled.bytes, {pth_globals(), true}, file);
    if (pickle.size != pickled.bytes.size()) {
        base::fail_in(file, "data.pkl: {} bytes follow the pickle; it is damaged",
                      pickled.bytes.size() - pickle.size);
    }
    std::map<std::string, OwnedBytes> read;
    const auto storage = [&](const StorageId& id) {
        auto known = read.find(id.key);
        if (known == read.end()) {
            known = read.emplace(id.key, zip.read(root + "data/" + id.key)).first;
        }
        check_storage(id, known->second.bytes.size(), file);
        return known->second;
    };
    return collect_tensors(*pickle.root, storage, copy_budget(mapped), file);
}

// --- legacy layout: pickles one after the other, then storages ----------------------------------

class LegacyFile {
public:
    LegacyFile(Mapped mapped, const std::filesystem::path& file)
        : mapped_(std::move(mapped)), rest_(mapped_->bytes()), file_(file) {}

    Tensors read() {
        next_pickle(false);  // the magic number, already recognised
        const Pickle version = next_pickle(false);
        if (!version.root->is(Kind::integer) || version.root->integer != legacy_version) {
            base::fail_in(file_,
                          "legacy layout of another version than 1001; save it anew with "
                          "torch.save");
        }
        const Pickle system = next_pickle(false);
        const PickleValue* little = system.root->find("little_endian");
        if (little == nullptr || !little->is(Kind::boolean) || little->integer == 0) {
            base::fail_in(file_, "was not written on a little-endian machine; save it on one");
        }
        const Pickle state = next_pickle(true);
        const Pickle keys = next_pickle(false);
        find_storages(state, keys);
        const auto storage = [&](const StorageId& id) {
            const auto known = storages_.find(id.key);
            if (known == storages_.end()) {
                base::fail_in(file_, "storage {}: is not in the file", printable(id.key, 100));
            }
            check_storage(id, known->second.size(), file_);
            return OwnedBytes{known->second, mapped_};
        };
        return collect_tensors(*state.root, storage, copy_budget(mapped_), file_);
    }

private:
    Pickle next_pickle(bool persistent_ids) {
        Pickle pickle = read_pickle(rest_, {pth_globals(), persistent_ids}, file_);
        rest_ = rest_.subspan(pickle.size);
        return pickle;
    }

    /// Per key, in the order of the list: an int64 element count and the elements.
    void find_storages(const Pickle& state, const Pickle& keys) {
        std::map<std::string, Dtype, std::less<>> dtypes;
        for (const PickleValue& value : state.values) {
            if (value.is(Kind::persistent)) {
                const StorageId id = read_storage_id(value, file_);
                dtypes.emplace(id.key, id.dtype);
            }
        }
        if (!keys.root->is(Kind::list)) {
            base::fail_in(file_, "has no list of storage keys; it is damaged");
        }
        for (const PickleValue* key : keys.root->items) {
            const auto dtype = key->is(Kind::text) ? dtypes.find(key->text) : dtypes.end();
            if (dtype == dtypes.end()) {
                base::fail_in(file_, "lists a storage that no tensor uses; it is damaged");
            }
            const auto bytes = next_storage(dtype->first, dtype->second);
            if (!storages_.emplace(dtype->first, bytes).second) {
                base::fail_in(file_, "storage {}: is listed twice; it is damaged",
                              printable(dtype->first, 100));
            }
        }
        if (!rest_.empty()) {
            base::fail_in(file_, "{} bytes follow the last storage; remove what was appended",
                          rest_.size());
        }
    }

    std::span<const std::byte> next_storage(const std::string& key, Dtype dtype) {
        std::int64_t count = -1;
        if (rest_.size() >= sizeof(count)) {
            std::memcpy(&count, rest_.data(), sizeof(count));
            rest_ = rest_.subspan(sizeof(count));
        }
        if (count < 0 || static_cast<std::uint64_t>(count) > rest_.size() / size_of(dtype)) {
            base::fail_in(file_,
                          "storage {}: {} elements of {} do not fit the {} bytes left; the "
                          "file is truncated",
                          printable(key, 100), count, name_of(dtype), rest_.size());
        }
        const auto bytes = rest_.first(static_cast<std::size_t>(count) * size_of(dtype));
        rest_ = rest_.subspan(bytes.size());
        return bytes;
    }

    Mapped mapped_;
    std::span<const std::byte> rest_;
    const std::filesystem::path& file_;
    std::map<std::string, std::span<const std::byte>> storages_;
};

}  // namespace

Tensors read_pth(const std::filesystem::path& file) {
    const auto mapped = std::make_shared<const base::MappedFile>(file);
    if (starts_with(mapped->bytes(), legacy_magic)) {
        return LegacyFile(mapped, file).read();
    }
    if (starts_with(mapped->bytes(), zip_magic)) {
        return read_zip(mapped, file);
    }
    refuse_other_kinds(mapped->bytes(), file);
    base::fail_in(file,
                  "is no torch.save file: it begins neither like a zip file nor like the "
                  "legacy layout; it is empty, truncated or of another kind");
}

bool is_pth(const std::filesystem::path& file) {
    try {
        const auto mapped = std::make_shared<const base::MappedFile>(file);
        if (starts_with(mapped->bytes(), legacy_magic)) {
            return true;
        }
        return starts_with(mapped->bytes(), zip_magic) &&
               !root_folder(ZipFile(mapped, file), file).empty();
    } catch (const base::Error&) {
        return false;
    }
}

}  // namespace distillar::formats
