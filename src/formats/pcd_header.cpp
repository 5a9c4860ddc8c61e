#include "formats/pcd_header.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/files.hpp"
#include "formats/records.hpp"
#include "formats/text_lines.hpp"

namespace distillar::formats {

namespace {

constexpr std::size_t max_header = 64 << 10;
constexpr std::size_t max_fields = 256;

struct Entry {
    std::size_t line = 0;
    std::vector<std::string_view> words;
};

using Entries = std::map<std::string_view, Entry>;

bool is_keyword(std::string_view word) {
    constexpr std::string_view known[] = {"VERSION",   "FIELDS", "COLUMNS", "SIZE",
                                          "TYPE",      "COUNT",  "WIDTH",   "HEIGHT",
                                          "VIEWPOINT", "POINTS", "DATA"};
    return std::find(std::begin(known), std::end(known), word) != std::end(known);
}

/// The header's lines by keyword, up to and including DATA.
Entries collect(const std::filesystem::path& file, Lines& lines) {
    Entries entries;
    while (auto line = lines.next_filled()) {
        const std::string_view keyword = take_word(*line);
        if (keyword.starts_with('#')) {
            continue;
        }
        if (!is_keyword(keyword)) {
            base::fail_in(file, "line {}: '{}' is no keyword of a PCD header; is this a PCD file?",
                          lines.number(), printable(keyword));
        }
        Entry entry{lines.number(), {}};
        for (auto word = take_word(*line); !word.empty(); word = take_word(*line)) {
            entry.words.push_back(word);
        }
        const auto name = keyword == "COLUMNS" ? "FIELDS" : keyword;
        if (!entries.emplace(name, std::move(entry)).second) {
            base::fail_in(file, "line {}: {} stands twice; keep one", lines.number(), name);
        }
        if (keyword == "DATA") {
            return entries;
        }
    }
    base::fail_in(file, "has no DATA line in its first {} bytes; is this a whole PCD file?",
                  lines.offset());
}

const Entry& required(const std::filesystem::path& file, const Entries& entries,
                      std::string_view keyword) {
    const auto found = entries.find(keyword);
    if (found == entries.end()) {
        base::fail_in(file, "its header has no {} line; add it", keyword);
    }
    return found->second;
}

std::optional<std::uint64_t> single_count(const std::filesystem::path& file, const Entries& entries,
                                          std::string_view keyword) {
    const auto found = entries.find(keyword);
    if (found == entries.end()) {
        return std::nullopt;
    }
    const Entry& entry = found->second;
    if (entry.words.size() != 1) {
        base::fail_in(file, "line {}: {} needs one number, has {}", entry.line, keyword,
                      entry.words.size());
    }
    return parse_count(entry.words[0], file, entry.line, keyword);
}

Number number_type(const std::filesystem::path& file, std::string_view type, std::string_view size,
                   const PcdField& field, std::size_t line) {
    static const std::map<std::string, Number, std::less<>> known = {
        {"I1", Number::i8},  {"U1", Number::u8},  {"I2", Number::i16}, {"U2", Number::u16},
        {"I4", Number::i32}, {"U4", Number::u32}, {"I8", Number::i64}, {"U8", Number::u64},
        {"F4", Number::f32}, {"F8", Number::f64}};
    const auto found = known.find(std::string(type) + std::string(size));
    if (found == known.end()) {
        base::fail_in(file,
                      "line {}: field {} has TYPE {} and SIZE {}; supported are I and U with 1, 2, "
                      "4, 8 and F with 4, 8",
                      line, printable(field.field.name), printable(type), printable(size));
    }
    return found->second;
}

void check_lengths(const std::filesystem::path& file, std::size_t fields, const Entry& entry,
                   std::string_view keyword) {
    if (entry.words.size() != fields) {
        base::fail_in(file, "line {}: {} has {} entries for {} fields; give one per field",
                      entry.line, keyword, entry.words.size(), fields);
    }
}

void parse_fields(const std::filesystem::path& file, const Entries& entries, PcdHeader& header) {
    const Entry& names = required(file, entries, "FIELDS");
    const Entry& sizes = required(file, entries, "SIZE");
    const Entry& types = required(file, entries, "TYPE");
    const auto counts = entries.find("COUNT");
    if (names.words.size() > max_fields) {
        base::fail_in(file, "line {}: {} fields, more than the {} this reader accepts", names.line,
                      names.words.size(), max_fields);
    }
    check_lengths(file, names.words.size(), sizes, "SIZE");
    check_lengths(file, names.words.size(), types, "TYPE");
    if (counts != entries.end()) {
        check_lengths(file, names.words.size(), counts->second, "COUNT");
    }
    for (std::size_t i = 0; i < names.words.size(); ++i) {
        PcdField field;
        field.field.name = names.words[i];
        for (const PcdField& earlier : header.fields) {
            if (!field.is_padding() && earlier.field.name == field.field.name) {
                base::fail_in(file, "line {}: the field {} stands twice; rename one", names.line,
                              printable(field.field.name));
            }
        }
        field.field.type = number_type(file, types.words[i], sizes.words[i], field, types.line);
        if (counts != entries.end()) {
            field.count = parse_count(counts->second.words[i], file, counts->second.line, "COUNT");
            if (field.count == 0) {
                base::fail_in(file, "line {}: field {} has COUNT 0; remove the field",
                              counts->second.line, printable(field.field.name));
            }
        }
        field.bytes =
            base::checked_multiply(field.count, bytes_of(field.field.type), file, "COUNT");
        field.offset = header.stride;
        header.stride = base::checked_add(header.stride, field.bytes, file, "COUNT");
        header.values += field.count;  // at most stride
        header.fields.push_back(std::move(field));
    }
}

void parse_size(const std::filesystem::path& file, const Entries& entries, PcdHeader& header) {
    const auto points = single_count(file, entries, "POINTS");
    const auto width = single_count(file, entries, "WIDTH");
    const auto height = single_count(file, entries, "HEIGHT");
    if (!points && !width) {
        base::fail_in(file, "its header has neither POINTS nor WIDTH; add POINTS");
    }
    if (width) {
        header.points = base::checked_multiply(*width, height.value_or(1), file, "WIDTH x HEIGHT");
        if (points && *points != header.points) {
            base::fail_in(file, "POINTS {} differs from WIDTH x HEIGHT = {}; correct the header",
                          *points, header.points);
        }
    } else {
        header.points = *points;
    }
}

PcdEncoding parse_encoding(const std::filesystem::path& file, const Entry& entry) {
    const std::string_view name = entry.words.size() == 1 ? entry.words[0] : "";
    if (name == "ascii") {
        return PcdEncoding::ascii;
    }
    if (name == "binary") {
        return PcdEncoding::binary;
    }
    if (name == "binary_compressed") {
        return PcdEncoding::binary_compressed;
    }
    base::fail_in(file, "line {}: DATA '{}' is not supported; ascii, binary, binary_compressed are",
                  entry.line, printable(name));
}

}  // namespace

PcdHeader parse_pcd_header(const std::filesystem::path& file, std::span<const std::byte> bytes) {
    if (bytes.empty()) {
        base::fail_in(file, "is empty (0 bytes), expected a PCD header; copy or download it again");
    }
    Lines lines(bytes.first(std::min(bytes.size(), max_header)));
    const Entries entries = collect(file, lines);
    PcdHeader header;
    parse_fields(file, entries, header);
    parse_size(file, entries, header);
    header.encoding = parse_encoding(file, required(file, entries, "DATA"));
    header.lines = lines.number();
    header.data_offset = lines.offset();
    return header;
}

}  // namespace distillar::formats
