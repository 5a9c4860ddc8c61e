#include "formats/ply.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/files.hpp"
#include "formats/cloud_fields.hpp"
#include "formats/ply_header.hpp"
#include "formats/records.hpp"
#include "formats/text_lines.hpp"

namespace distillar::formats {

namespace {

using Bytes = std::span<const std::byte>;
namespace fs = std::filesystem;

CloudBuilder make_builder(const fs::path& file, const PlyElement& vertex) {
    std::vector<CloudField> fields;
    for (const PlyProperty& property : vertex.properties) {
        // A list cannot feed a point: its name is hidden from the builder.
        fields.push_back(property.is_list ? CloudField{"(list)", property.field.type}
                                          : property.field);
    }
    return CloudBuilder(file, fields, vertex.count, false);
}

/// A list's length: a whole number >= 0 that `available` items can meet.
std::uint64_t checked_length(const fs::path& file, const PlyElement& element, std::uint64_t row,
                             double length, std::size_t available) {
    if (!(length >= 0 && length <= static_cast<double>(available)) ||
        std::floor(length) != length) {
        base::fail_in(file, "row {} of element {}: a list of {} items, at most {} can be there",
                      row, printable(element.name), length, available);
    }
    return static_cast<std::uint64_t>(length);
}

/// Reads one element's rows from text; `builder` takes them if it is the vertices.
void read_ascii(const fs::path& file, const PlyHeader& header, const PlyElement& element,
                Lines& lines, CloudBuilder* builder) {
    for (std::uint64_t row = 0; row < element.count; ++row) {
        auto line = lines.next_filled();
        if (!line) {
            base::fail_in(file, "ends after {} of {} rows of element {}; copy or download it again",
                          row, element.count, printable(element.name));
        }
        const std::size_t number = header.lines + lines.number();
        for (std::size_t i = 0; i < element.properties.size(); ++i) {
            const PlyProperty& property = element.properties[i];
            if (property.is_list) {
                const double length = take_number(*line, property.count_type, file, number);
                const auto items = checked_length(file, element, row, length, line->size());
                for (std::uint64_t item = 0; item < items; ++item) {
                    take_number(*line, property.field.type, file, number);
                }
                continue;
            }
            const double value = take_number(*line, property.field.type, file, number);
            if (builder != nullptr) {
                builder->set(row, i, value);
            }
        }
        expect_end(*line, file, number);
    }
}

/// Takes `count` bytes off the front of `data`.
const std::byte* take(const fs::path& file, const PlyElement& element, std::uint64_t row,
                      Bytes& data, std::uint64_t count) {
    if (count > data.size()) {
        base::fail_in(file, "ends within row {} of {} of element {}; copy or download it again",
                      row, element.count, printable(element.name));
    }
    const std::byte* first = data.data();
    data = data.subspan(count);
    return first;
}

void skip_binary(const fs::path& file, const PlyElement& element, Bytes& data) {
    const std::uint64_t size =
        base::checked_multiply(element.count, element.smallest_row(), file, "element count");
    take(file, element, 0, data, size);
}

/// As read_ascii, from binary rows.
void read_binary(const fs::path& file, const PlyElement& element, Bytes& data,
                 CloudBuilder* builder) {
    if (builder == nullptr && !element.has_list()) {
        skip_binary(file, element, data);
        return;
    }
    for (std::uint64_t row = 0; row < element.count; ++row) {
        for (std::size_t i = 0; i < element.properties.size(); ++i) {
            const PlyProperty& property = element.properties[i];
            const std::size_t bytes = bytes_of(property.field.type);
            if (property.is_list) {
                const auto* length = take(file, element, row, data, bytes_of(property.count_type));
                const auto items =
                    checked_length(file, element, row, load_number(length, property.count_type),
                                   data.size() / bytes);
                take(file, element, row, data, items * bytes);
                continue;
            }
            const auto* value = take(file, element, row, data, bytes);
            if (builder != nullptr && builder->wants(i)) {
                builder->set(row, i, load_number(value, property.field.type));
            }
        }
    }
}

}  // namespace

Cloud read_ply(const fs::path& file) {
    const auto bytes = base::read_file(file);
    const PlyHeader header = parse_ply_header(file, bytes);
    CloudBuilder builder = make_builder(file, header.elements[header.vertex]);
    Bytes data = Bytes(bytes).subspan(header.data_offset);
    Lines lines(data);
    for (std::size_t i = 0; i < header.elements.size(); ++i) {
        CloudBuilder* target = i == header.vertex ? &builder : nullptr;
        if (header.ascii) {
            read_ascii(file, header, header.elements[i], lines, target);
        } else {
            read_binary(file, header.elements[i], data, target);
        }
    }
    if (header.ascii && lines.next_filled()) {
        base::fail_in(file, "line {}: more rows than the header says; correct the counts",
                      header.lines + lines.number());
    }
    if (!header.ascii && !data.empty()) {
        base::fail_in(file, "has {} bytes more than its header says; correct the counts",
                      data.size());
    }
    return builder.finish();
}

void write_ply(const fs::path& file, const Cloud& cloud, const std::vector<Color>& colors) {
    check_field_sizes(file, cloud);
    if (!colors.empty() && colors.size() != cloud.size()) {
        base::fail_in(file, "cannot be written: {} colors for {} points; give one each",
                      colors.size(), cloud.size());
    }
    const bool narrow = fits_float32(cloud.points);
    const char* type = narrow ? "float" : "double";
    std::string header = fmt::format(
        "ply\nformat binary_little_endian 1.0\nelement vertex {}\nproperty {} x\nproperty {} y\n"
        "property {} z\n",
        cloud.size(), type, type, type);
    header += cloud.intensity.empty() ? "" : "property float intensity\n";
    header += cloud.label.empty() ? "" : "property uint label\n";
    header +=
        colors.empty() ? "" : "property uchar red\nproperty uchar green\nproperty uchar blue\n";
    header += "end_header\n";
    std::vector<std::byte> data;
    data.reserve(cloud.size() * 36);
    for (std::size_t i = 0; i < cloud.size(); ++i) {
        for (int axis = 0; axis < 3; ++axis) {
            const double value = cloud.points(static_cast<Eigen::Index>(i), axis);
            narrow ? append(data, static_cast<float>(value)) : append(data, value);
        }
        if (!cloud.intensity.empty()) {
            append(data, cloud.intensity[i]);
        }
        if (!cloud.label.empty()) {
            append(data, cloud.label[i]);
        }
        if (!colors.empty()) {
            append(data, colors[i]);
        }
    }
    base::AtomicFile out(file);
    out.write(header);
    out.write(data);
    out.commit();
}

}  // namespace distillar::formats
