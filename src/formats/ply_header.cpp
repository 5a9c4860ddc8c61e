#include "formats/ply_header.hpp"

#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "base/files.hpp"
#include "formats/records.hpp"
#include "formats/text_lines.hpp"

namespace distillar::formats {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_header = 64 << 10;
constexpr std::size_t max_entries = 256;  // elements, and properties of one

Number number_type(const fs::path& file, std::string_view name, std::size_t line) {
    static const std::map<std::string_view, Number> known = {
        {"char", Number::i8},    {"int8", Number::i8},     {"uchar", Number::u8},
        {"uint8", Number::u8},   {"short", Number::i16},   {"int16", Number::i16},
        {"ushort", Number::u16}, {"uint16", Number::u16},  {"int", Number::i32},
        {"int32", Number::i32},  {"uint", Number::u32},    {"uint32", Number::u32},
        {"float", Number::f32},  {"float32", Number::f32}, {"double", Number::f64},
        {"float64", Number::f64}};
    const auto found = known.find(name);
    if (found == known.end()) {
        base::fail_in(file, "line {}: '{}' is no PLY type; char to double or int8 to float64 are",
                      line, printable(name));
    }
    return found->second;
}

bool parse_format(const fs::path& file, std::string_view line, std::size_t number) {
    const std::string_view format = take_word(line);
    const std::string_view version = take_word(line);
    if (format == "binary_big_endian") {
        base::fail_in(file,
                      "line {}: big-endian PLY is unsupported; save it as binary_little_endian or "
                      "ascii",
                      number);
    }
    if ((format != "ascii" && format != "binary_little_endian") || version != "1.0") {
        base::fail_in(file,
                      "line {}: format '{} {}' is not supported; ascii 1.0 and "
                      "binary_little_endian 1.0 are",
                      number, printable(format), printable(version));
    }
    return format == "ascii";
}

PlyProperty parse_property(const fs::path& file, std::string_view line, std::size_t number) {
    PlyProperty property;
    std::string_view type = take_word(line);
    property.is_list = type == "list";
    if (property.is_list) {
        property.count_type = number_type(file, take_word(line), number);
        if (!is_integer(property.count_type)) {
            base::fail_in(file, "line {}: a list's length must have an integer type", number);
        }
        type = take_word(line);
    }
    property.field.type = number_type(file, type, number);
    property.field.name = take_word(line);
    if (property.field.name.empty()) {
        base::fail_in(file, "line {}: the property has no name; give it one", number);
    }
    return property;
}

void add_property(const fs::path& file, PlyHeader& header, std::string_view line,
                  std::size_t number) {
    if (header.elements.empty()) {
        base::fail_in(file, "line {}: a property before the first element; is this a PLY file?",
                      number);
    }
    auto& properties = header.elements.back().properties;
    PlyProperty property = parse_property(file, line, number);
    for (const PlyProperty& earlier : properties) {
        if (earlier.field.name == property.field.name) {
            base::fail_in(file, "line {}: the property {} stands twice; rename one", number,
                          printable(property.field.name));
        }
    }
    properties.push_back(std::move(property));
    if (properties.size() > max_entries) {
        base::fail_in(file, "line {}: more than the {} properties this reader accepts", number,
                      max_entries);
    }
}

void add_element(const fs::path& file, PlyHeader& header, std::string_view line,
                 std::size_t number) {
    PlyElement element;
    element.name = take_word(line);
    element.count = parse_count(take_word(line), file, number, "the element's count");
    for (const PlyElement& earlier : header.elements) {
        if (earlier.name == element.name) {
            base::fail_in(file, "line {}: the element {} stands twice; keep one", number,
                          printable(element.name));
        }
    }
    header.elements.push_back(std::move(element));
    if (header.elements.size() > max_entries) {
        base::fail_in(file, "line {}: more than the {} elements this reader accepts", number,
                      max_entries);
    }
}

/// Counts against the bytes there are, so that nothing is allocated on a lie.
void check_counts(const fs::path& file, const PlyHeader& header, std::size_t bytes) {
    std::uint64_t needed = 0;
    for (const PlyElement& element : header.elements) {
        if (element.properties.empty()) {
            base::fail_in(file, "the element {} has no property; remove it",
                          printable(element.name));
        }
        const std::uint64_t row =
            header.ascii ? 2 * element.properties.size() : element.smallest_row();
        needed = base::checked_add(
            needed, base::checked_multiply(element.count, row, file, "element count"), file,
            "element counts");
    }
    if (needed > bytes + (header.ascii ? 1 : 0)) {
        base::fail_in(file, "its elements need at least {} bytes, only {} there; cut off?", needed,
                      bytes);
    }
}

std::size_t find_vertex(const fs::path& file, const PlyHeader& header) {
    for (std::size_t i = 0; i < header.elements.size(); ++i) {
        if (header.elements[i].name == "vertex") {
            return i;
        }
    }
    base::fail_in(file, "has no element vertex; is this a point cloud?");
}

}  // namespace

bool PlyElement::has_list() const {
    return std::any_of(properties.begin(), properties.end(),
                       [](const PlyProperty& property) { return property.is_list; });
}

std::uint64_t PlyElement::smallest_row() const {
    std::uint64_t bytes = 0;
    for (const PlyProperty& property : properties) {
        bytes += bytes_of(property.is_list ? property.count_type : property.field.type);
    }
    return bytes;
}

PlyHeader parse_ply_header(const fs::path& file, std::span<const std::byte> bytes) {
    if (bytes.empty()) {
        base::fail_in(file, "is empty (0 bytes), expected a PLY header; copy or download it again");
    }
    Lines lines(bytes.first(std::min(bytes.size(), max_header)));
    if (lines.next() != "ply") {
        base::fail_in(file, "does not start with the line 'ply'; is this a PLY file?");
    }
    PlyHeader header;
    bool has_format = false;
    while (auto line = lines.next()) {
        const std::string_view keyword = take_word(*line);
        if (keyword == "end_header") {
            if (!has_format) {
                base::fail_in(file, "its header has no format line; add 'format ascii 1.0'");
            }
            header.lines = lines.number();
            header.data_offset = lines.offset();
            check_counts(file, header, bytes.size() - header.data_offset);
            header.vertex = find_vertex(file, header);
            return header;
        }
        if (keyword == "format") {
            header.ascii = parse_format(file, *line, lines.number());
            has_format = true;
        } else if (keyword == "element") {
            add_element(file, header, *line, lines.number());
        } else if (keyword == "property") {
            add_property(file, header, *line, lines.number());
        } else if (keyword != "comment" && keyword != "obj_info" && !keyword.empty()) {
            base::fail_in(file, "line {}: '{}' is no keyword of a PLY header; is the file whole?",
                          lines.number(), printable(keyword));
        }
    }
    base::fail_in(file, "has no end_header in its first {} bytes; is this a whole PLY file?",
                  lines.offset());
}

}  // namespace distillar::formats
