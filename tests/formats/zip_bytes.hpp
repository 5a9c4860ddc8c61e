#pragma once
/// Builds zip files byte by byte, so that tests can make them lie.
#include <optional>

#include "formats/bytes.hpp"

namespace distillar::test {

struct ZipPart {
    std::string name, content = {};
    bool deflate = false;
    std::uint16_t flags = 0;
    std::optional<std::uint16_t> method = {};
    std::optional<std::uint32_t> checksum = {};
    std::optional<std::uint32_t> size = {}, packed = {};  ///< in both headers
    std::optional<std::uint32_t> local_size = {};         ///< in the local header only
    std::optional<std::string> local_name = {};
    std::string extra = {};  ///< in the directory
};

inline std::string zip_file(const std::vector<ZipPart>& parts, const std::string& comment = "",
                            bool zip64 = false) {
    std::string file, directory;
    for (const auto& part : parts) {
        const std::string body = part.deflate ? deflate_raw(part.content) : part.content;
        const auto crc =
            static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(part.content.data()),
                                             static_cast<uInt>(part.content.size())));
        const auto size = part.size.value_or(static_cast<std::uint32_t>(part.content.size()));
        const auto packed = part.packed.value_or(static_cast<std::uint32_t>(body.size()));
        const std::uint16_t deflated = part.deflate ? 8 : 0;
        const std::uint16_t method = part.method.value_or(deflated);
        const std::string name = part.local_name.value_or(part.name);
        const auto offset = static_cast<std::uint32_t>(file.size());
        const std::string moment = le(std::uint32_t{0});
        const std::string check = le(part.checksum.value_or(crc));
        file += "PK\3\4" + le(std::uint16_t{20}) + le(part.flags) + le(method) + moment + check +
                le(packed) + le(part.local_size.value_or(size)) +
                le(static_cast<std::uint16_t>(name.size())) + le(std::uint16_t{0}) + name + body;
        directory += "PK\1\2" + le(std::uint16_t{20}) + le(std::uint16_t{20}) + le(part.flags) +
                     le(method) + moment + check + le(packed) + le(size) +
                     le(static_cast<std::uint16_t>(part.name.size())) +
                     le(static_cast<std::uint16_t>(part.extra.size())) + le(std::uint16_t{0}) +
                     le(std::uint32_t{0}) + le(std::uint32_t{0}) + le(offset) + part.name +
                     part.extra;
    }
    const auto begin = static_cast<std::uint64_t>(file.size());
    const auto count = static_cast<std::uint16_t>(parts.size());
    const auto size = static_cast<std::uint64_t>(directory.size());
    file += directory;
    if (zip64) {
        const auto end64 = static_cast<std::uint64_t>(file.size());
        file += "PK\6\6" + le(std::uint64_t{44}) + le(std::uint32_t{0}) + le(std::uint64_t{0}) +
                le(std::uint64_t{count}) + le(std::uint64_t{count}) + le(size) + le(begin);
        file += "PK\6\7" + le(std::uint32_t{0}) + le(end64) + le(std::uint32_t{1});
    }
    const auto or_saturated = [&](std::uint64_t value) {
        return le(zip64 ? 0xFFFFFFFFu : static_cast<std::uint32_t>(value));
    };
    return file + "PK\5\6" + le(std::uint32_t{0}) + le(count) + le(count) + or_saturated(size) +
           or_saturated(begin) + le(static_cast<std::uint16_t>(comment.size())) + comment;
}

}  // namespace distillar::test
