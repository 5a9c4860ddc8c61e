#include "formats/pcd.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/limits.hpp"
#include "formats/cloud_fields.hpp"
#include "formats/lzf.hpp"
#include "formats/pcd_header.hpp"
#include "formats/records.hpp"
#include "formats/text_lines.hpp"

namespace distillar::formats {

namespace {

using Bytes = std::span<const std::byte>;
namespace fs = std::filesystem;

CloudBuilder make_builder(const fs::path& file, const PcdHeader& header) {
    std::vector<CloudField> fields;
    for (const PcdField& field : header.fields) {
        fields.push_back(field.field);
    }
    CloudBuilder builder(file, fields, header.points, true);
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (builder.wants(i) && header.fields[i].count != 1) {
            base::fail_in(file, "field {} has COUNT {}, expected 1; rename or split it",
                          printable(fields[i].name), header.fields[i].count);
        }
    }
    return builder;
}

/// What follows the data may only be zeros (writers that map files pad to a page).
void check_rest(const fs::path& file, Bytes rest) {
    if (std::any_of(rest.begin(), rest.end(),
                    [](std::byte byte) { return byte != std::byte{0}; })) {
        base::fail_in(file, "has {} bytes more than POINTS says; the header or the data are wrong",
                      rest.size());
    }
}

Cloud read_ascii(const fs::path& file, const PcdHeader& header, Bytes bytes) {
    // A value takes at least two bytes, itself and what separates it; the last end may lack.
    const std::uint64_t values =
        base::checked_multiply(header.points, header.values, file, "POINTS x values");
    const std::size_t available = bytes.size() - header.data_offset + 1;
    if (values > available / 2) {
        base::fail_in(file, "POINTS {} of {} values each do not fit the {} bytes of data; cut off?",
                      header.points, header.values, available - 1);
    }
    CloudBuilder builder = make_builder(file, header);
    Lines lines(bytes.subspan(header.data_offset));
    for (std::size_t point = 0; point < header.points; ++point) {
        auto line = lines.next_filled();
        if (!line) {
            base::fail_in(file, "ends after {} of {} points; copy or download it again", point,
                          header.points);
        }
        const std::size_t number = header.lines + lines.number();
        for (std::size_t field = 0; field < header.fields.size(); ++field) {
            for (std::uint64_t i = 0; i < header.fields[field].count; ++i) {
                const double value =
                    take_number(*line, header.fields[field].field.type, file, number);
                if (builder.wants(field)) {
                    builder.set(point, field, value);
                }
            }
        }
        expect_end(*line, file, number);
    }
    if (lines.next_filled()) {
        base::fail_in(file, "line {}: more lines than POINTS {} says; correct the header",
                      header.lines + lines.number(), header.points);
    }
    return builder.finish();
}

Cloud read_binary(const fs::path& file, const PcdHeader& header, Bytes bytes) {
    const Bytes data = bytes.subspan(header.data_offset);
    const std::uint64_t size =
        base::checked_multiply(header.points, header.stride, file, "POINTS x bytes per point");
    if (size > data.size()) {
        base::fail_in(file, "POINTS {} of {} bytes each, but only {} bytes of data; cut off?",
                      header.points, header.stride, data.size());
    }
    check_rest(file, data.subspan(size));
    CloudBuilder builder = make_builder(file, header);
    for (std::size_t field = 0; field < header.fields.size(); ++field) {
        if (!builder.wants(field)) {
            continue;
        }
        const Number type = header.fields[field].field.type;
        const std::byte* value = data.data() + header.fields[field].offset;
        for (std::size_t point = 0; point < header.points; ++point, value += header.stride) {
            builder.set(point, field, load_number(value, type));
        }
    }
    return builder.finish();
}

/// The decompressed data: all values of the first field, then all of the second, and so on.
std::vector<std::byte> decompress(const fs::path& file, const PcdHeader& header, Bytes data,
                                  std::uint64_t size, std::uint64_t size_with_padding) {
    if (data.size() < 8) {
        base::fail_in(file, "ends before the sizes of its compressed data; copy it again");
    }
    const std::uint64_t compressed = load<std::uint32_t>(data.data());
    const std::uint64_t claimed = load<std::uint32_t>(data.data() + 4);
    data = data.subspan(8);
    if (claimed != size && claimed != size_with_padding) {
        base::fail_in(file, "its data decompress to {} bytes, but POINTS {} need {}; damaged?",
                      claimed, header.points, size);
    }
    if (compressed > data.size()) {
        base::fail_in(file, "{} bytes of compressed data announced, only {} there; cut off?",
                      compressed, data.size());
    }
    if (claimed > compressed * lzf_best_ratio) {
        base::fail_in(file, "{} bytes cannot decompress to {}; the file is damaged", compressed,
                      claimed);
    }
    check_rest(file, data.subspan(compressed));
    base::require_within(claimed, &base::Limits::inflated, file, "decompresses to");
    std::vector<std::byte> result(claimed);
    if (!lzf_decompress(data.first(compressed), result)) {
        base::fail_in(file, "its compressed data are damaged; copy or download again");
    }
    return result;
}

Cloud read_compressed(const fs::path& file, const PcdHeader& header, Bytes bytes) {
    std::uint64_t padding = 0;
    for (const PcdField& field : header.fields) {
        padding += field.is_padding() ? field.bytes : 0;  // at most stride
    }
    const std::uint64_t whole =
        base::checked_multiply(header.points, header.stride, file, "POINTS x bytes per point");
    const std::uint64_t packed = header.points * (header.stride - padding);
    const auto data = decompress(file, header, bytes.subspan(header.data_offset), packed, whole);
    // PCL leaves padding out of compressed data; other writers keep it.
    const bool with_padding = data.size() != packed;
    CloudBuilder builder = make_builder(file, header);
    const std::byte* column = data.data();
    for (std::size_t field = 0; field < header.fields.size(); ++field) {
        const PcdField& described = header.fields[field];
        if (described.is_padding() && !with_padding) {
            continue;
        }
        for (std::size_t point = 0; point < header.points && builder.wants(field); ++point) {
            builder.set(point, field,
                        load_number(column + point * described.bytes, described.field.type));
        }
        column += header.points * described.bytes;
    }
    return builder.finish();
}

}  // namespace

Cloud read_pcd(const fs::path& file) {
    const auto bytes = base::read_file(file);
    const PcdHeader header = parse_pcd_header(file, bytes);
    switch (header.encoding) {
        case PcdEncoding::ascii:
            return read_ascii(file, header, bytes);
        case PcdEncoding::binary:
            return read_binary(file, header, bytes);
        case PcdEncoding::binary_compressed:
            break;
    }
    return read_compressed(file, header, bytes);
}

}  // namespace distillar::formats
