#include <limits>
#include <string>

#include "base/error.hpp"
#include "base/files.hpp"
#include "formats/cloud_fields.hpp"
#include "formats/lzf.hpp"
#include "formats/pcd.hpp"
#include "formats/records.hpp"

namespace distillar::formats {

namespace {

/// One column of the file: how it is named, and how point i is appended.
struct Column {
    const char* name;
    Number type;
    void (*append_binary)(std::vector<std::byte>&, const Cloud&, std::size_t);
    void (*append_text)(std::string&, const Cloud&, std::size_t);
};

template <typename T>
void append_text(std::string& text, T value) {
    fmt::format_to(std::back_inserter(text), "{}", value);
}

template <typename T, int axis>
Column coordinate(Number type) {
    constexpr const char* names[] = {"x", "y", "z"};
    const auto value = [](const Cloud& cloud, std::size_t i) {
        return static_cast<T>(cloud.points(static_cast<Eigen::Index>(i), axis));
    };
    static constexpr auto get = value;
    return {names[axis], type,
            [](std::vector<std::byte>& bytes, const Cloud& cloud, std::size_t i) {
                append(bytes, get(cloud, i));
            },
            [](std::string& text, const Cloud& cloud, std::size_t i) {
                append_text(text, get(cloud, i));
            }};
}

template <auto member>
Column optional_field(const char* name, Number type) {
    return {name, type,
            [](std::vector<std::byte>& bytes, const Cloud& cloud, std::size_t i) {
                append(bytes, (cloud.*member)[i]);
            },
            [](std::string& text, const Cloud& cloud, std::size_t i) {
                append_text(text, (cloud.*member)[i]);
            }};
}

std::vector<Column> columns_of(const Cloud& cloud) {
    std::vector<Column> columns;
    if (fits_float32(cloud.points)) {
        columns = {coordinate<float, 0>(Number::f32), coordinate<float, 1>(Number::f32),
                   coordinate<float, 2>(Number::f32)};
    } else {
        columns = {coordinate<double, 0>(Number::f64), coordinate<double, 1>(Number::f64),
                   coordinate<double, 2>(Number::f64)};
    }
    if (!cloud.intensity.empty()) {
        columns.push_back(optional_field<&Cloud::intensity>("intensity", Number::f32));
    }
    if (!cloud.ring.empty()) {
        columns.push_back(optional_field<&Cloud::ring>("ring", Number::u16));
    }
    if (!cloud.time.empty()) {
        columns.push_back(optional_field<&Cloud::time>("time", Number::f64));
    }
    if (!cloud.label.empty()) {
        columns.push_back(optional_field<&Cloud::label>("label", Number::u32));
    }
    if (!cloud.instance.empty()) {
        columns.push_back(optional_field<&Cloud::instance>("instance", Number::u32));
    }
    if (!cloud.sensor.empty()) {
        columns.push_back(optional_field<&Cloud::sensor>("sensor", Number::u8));
    }
    return columns;
}

std::string header_of(const std::vector<Column>& columns, std::size_t points,
                      const char* encoding) {
    std::string fields, sizes, types, counts;
    for (const Column& column : columns) {
        fields += fmt::format(" {}", column.name);
        sizes += fmt::format(" {}", bytes_of(column.type));
        types += is_integer(column.type) ? " U" : " F";
        counts += " 1";
    }
    return fmt::format(
        "# .PCD v0.7 - Point Cloud Data file format\nVERSION 0.7\nFIELDS{}\nSIZE{}\nTYPE{}\n"
        "COUNT{}\nWIDTH {}\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS {}\nDATA {}\n",
        fields, sizes, types, counts, points, points, encoding);
}

std::string ascii_data(const std::vector<Column>& columns, const Cloud& cloud) {
    std::string text;
    for (std::size_t i = 0; i < cloud.size(); ++i) {
        for (std::size_t column = 0; column < columns.size(); ++column) {
            text += column == 0 ? "" : " ";
            columns[column].append_text(text, cloud, i);
        }
        text += '\n';
    }
    return text;
}

std::vector<std::byte> binary_data(const std::vector<Column>& columns, const Cloud& cloud) {
    std::vector<std::byte> bytes;
    for (std::size_t i = 0; i < cloud.size(); ++i) {
        for (const Column& column : columns) {
            column.append_binary(bytes, cloud, i);
        }
    }
    return bytes;
}

std::vector<std::byte> compressed_data(const std::filesystem::path& file,
                                       const std::vector<Column>& columns, const Cloud& cloud) {
    std::vector<std::byte> plain;
    for (const Column& column : columns) {
        for (std::size_t i = 0; i < cloud.size(); ++i) {
            column.append_binary(plain, cloud, i);
        }
    }
    if (plain.size() >
        std::numeric_limits<std::uint32_t>::max() / 16 * 15) {  // or more when packed
        base::fail_in(file,
                      "cannot be written: binary_compressed holds less than 4 GiB; use binary");
    }
    const auto packed = lzf_compress(plain);
    std::vector<std::byte> bytes;
    append(bytes, static_cast<std::uint32_t>(packed.size()));
    append(bytes, static_cast<std::uint32_t>(plain.size()));
    bytes.insert(bytes.end(), packed.begin(), packed.end());
    return bytes;
}

}  // namespace

void write_pcd(const std::filesystem::path& file, const Cloud& cloud, PcdEncoding encoding) {
    check_field_sizes(file, cloud);
    const auto columns = columns_of(cloud);
    base::AtomicFile out(file);
    switch (encoding) {
        case PcdEncoding::ascii:
            out.write(header_of(columns, cloud.size(), "ascii"));
            out.write(ascii_data(columns, cloud));
            break;
        case PcdEncoding::binary:
            out.write(header_of(columns, cloud.size(), "binary"));
            out.write(binary_data(columns, cloud));
            break;
        case PcdEncoding::binary_compressed:
            out.write(header_of(columns, cloud.size(), "binary_compressed"));
            out.write(compressed_data(file, columns, cloud));
            break;
    }
    out.commit();
}

}  // namespace distillar::formats
