/// The pickle inside a torch.save file: zip checksums would stop nearly every change of a whole
/// one.
#include <zlib.h>

#include "formats/pth.hpp"
#include "fuzz/files.hpp"
#include "fuzz/tensors.hpp"

using namespace distillar;

namespace {

template <typename Number>
void append(std::string& bytes, Number value) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

/// A zip file of stored entries, all of whose sizes and checksums are right.
class StoredZip {
public:
    void add(const std::string& name, const std::string& content) {
        const auto offset = static_cast<std::uint32_t>(file_.size());
        const std::string common = header_of(name, content);
        file_ += "PK\3\4" + common + name + content;
        directory_ += std::string("PK\1\2\x14\0", 6) + common;
        directory_.append(10, '\0');  // comment, disk, attributes
        append(directory_, offset);
        directory_ += name;
        ++entries_;
    }
    std::string finish() const {
        std::string file = file_ + directory_ + std::string("PK\5\6\0\0\0\0", 8);
        append(file, entries_);
        append(file, entries_);
        append(file, static_cast<std::uint32_t>(directory_.size()));
        append(file, static_cast<std::uint32_t>(file_.size()));
        return file + std::string(2, '\0');
    }

private:
    /// What both headers have, from the version needed to the length of the extra field.
    static std::string header_of(const std::string& name, const std::string& content) {
        std::string header("\x14\0\0\0\0\0\0\0\0\0", 10);
        append(header, static_cast<std::uint32_t>(crc32_z(
                           0, reinterpret_cast<const Bytef*>(content.data()), content.size())));
        append(header, static_cast<std::uint32_t>(content.size()));
        append(header, static_cast<std::uint32_t>(content.size()));
        append(header, static_cast<std::uint16_t>(name.size()));
        append(header, std::uint16_t{0});
        return header;
    }

    std::string file_, directory_;
    std::uint16_t entries_ = 0;
};

}  // namespace

FUZZ_TARGET(pth_pickle) {
    static fuzz::MemoryFile file;
    StoredZip zip;
    zip.add("m/data.pkl", fuzz::text_of(bytes));
    zip.add("m/data/0", std::string(24, '\1'));
    const auto& path = file.lay(zip.finish());
    fuzz::survive([&] { fuzz::use(formats::read_pth(path)); });
}
