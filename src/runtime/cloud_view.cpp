#include "runtime/cloud_view.hpp"

#include <cmath>
#include <cstring>
#include <limits>

#include "base/error.hpp"
#include "geometry/points.hpp"

namespace distillar::runtime {

namespace {

constexpr std::array<const char*, 3> axes{"x", "y", "z"};

std::uint64_t size_of(FieldType type) {
    switch (type) {
        case FieldType::i8:
        case FieldType::u8:
            return 1;
        case FieldType::i16:
        case FieldType::u16:
            return 2;
        case FieldType::i32:
        case FieldType::u32:
        case FieldType::f32:
            return 4;
        case FieldType::f64:
            return 8;
        case FieldType::absent:
            break;
    }
    return 0;
}

void check_field(const CloudField& field, std::uint64_t stride, const char* name) {
    const std::uint64_t size = size_of(field.type);
    if (size == 0) {
        base::fail("cloud: field {} has the unknown type {}; give 1 (int8) to 8 (float64)", name,
                   static_cast<std::uint32_t>(field.type));
    }
    if (field.offset > stride || stride - field.offset < size) {
        base::fail(
            "cloud: field {} takes bytes {} to {} of a point, but the stride is {} bytes; give the "
            "field's offset within a point and the bytes from one point to the next",
            name, field.offset, static_cast<double>(field.offset) + static_cast<double>(size),
            stride);
    }
}

template <typename T>
float value_at(const std::byte* from) {
    T value;
    std::memcpy(&value, from, sizeof value);
    return static_cast<float>(value);
}

using Reader = float (*)(const std::byte*);

Reader reader_of(FieldType type) {
    switch (type) {
        case FieldType::i8:
            return value_at<std::int8_t>;
        case FieldType::u8:
            return value_at<std::uint8_t>;
        case FieldType::i16:
            return value_at<std::int16_t>;
        case FieldType::u16:
            return value_at<std::uint16_t>;
        case FieldType::i32:
            return value_at<std::int32_t>;
        case FieldType::u32:
            return value_at<std::uint32_t>;
        case FieldType::f64:
            return value_at<double>;
        default:
            return value_at<float>;
    }
}

struct Rows {
    std::uint64_t points, step;
};

/// Of a checked description.
Rows rows_of(const CloudView& cloud) {
    const std::uint64_t points = cloud.width == 0 ? cloud.count : cloud.width;
    return {points, cloud.row_step == 0 ? points * cloud.stride : cloud.row_step};
}

/// Products may overflow, so sizes are divided.
void check_rows(const CloudView& cloud) {
    if (cloud.stride > cloud.bytes / cloud.count) {
        base::fail(
            "cloud: {} points of {} bytes each do not fit into a buffer of {} bytes; check count, "
            "stride and size",
            cloud.count, cloud.stride, cloud.bytes);
    }
    if (cloud.width == 0 && cloud.row_step == 0) {
        return;
    }
    if (cloud.width == 0 || cloud.count % cloud.width != 0) {
        base::fail(
            "cloud: {} points are no whole rows of {}; count is width x height, and a row_step "
            "needs a width",
            cloud.count, cloud.width);
    }
    const Rows rows = rows_of(cloud);
    const std::uint64_t row_bytes = rows.points * cloud.stride;  // fits: all points do
    if (rows.step < row_bytes) {
        base::fail(
            "cloud: rows of {} points of {} bytes overlap at a row_step of {} bytes; give the "
            "bytes from one row to the next, or 0",
            rows.points, cloud.stride, rows.step);
    }
    const std::uint64_t others = cloud.count / rows.points - 1;
    if (others > (cloud.bytes - row_bytes) / rows.step) {
        base::fail(
            "cloud: {} rows of {} bytes each do not fit into a buffer of {} bytes; check width, "
            "row_step and size",
            others + 1, rows.step, cloud.bytes);
    }
}

}  // namespace

void check_cloud(const CloudView& cloud) {
    constexpr std::uint64_t most = std::numeric_limits<std::int32_t>::max();
    if (cloud.count > most) {
        base::fail("cloud: {} points are too many, the limit is {}; split the cloud", cloud.count,
                   most);
    }
    for (std::size_t axis = 0; axis < 3; ++axis) {
        if (cloud.xyz[axis].type == FieldType::absent) {
            base::fail("cloud: field {} has no type; describe x, y and z", axes[axis]);
        }
        check_field(cloud.xyz[axis], cloud.stride, axes[axis]);
    }
    if (cloud.intensity.type != FieldType::absent) {
        check_field(cloud.intensity, cloud.stride, "intensity");
    }
    if (cloud.count == 0) {
        return;
    }
    if (cloud.data == nullptr) {
        base::fail("cloud: {} points, but the pointer to them is null; give the buffer",
                   cloud.count);
    }
    check_rows(cloud);
}

void read_cloud(const CloudView& cloud, CloudPoints& points) {
    const auto count = static_cast<std::size_t>(cloud.count);
    const bool with_intensity = cloud.intensity.type != FieldType::absent;
    points.xyz.resize(3 * count);
    points.intensity.resize(with_intensity ? count : 0);
    points.rows.resize(count);
    std::size_t kept = 0;
    std::array<Reader, 3> readers{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        readers[axis] = reader_of(cloud.xyz[axis].type);
    }
    const Reader read_intensity = reader_of(cloud.intensity.type);
    const Rows rows = rows_of(cloud);
    const auto* row = static_cast<const std::byte*>(cloud.data);
    for (std::size_t first = 0; first < count; first += rows.points, row += rows.step) {
        const std::byte* point = row;
        for (std::size_t i = first; i < first + rows.points; ++i, point += cloud.stride) {
            float* to = points.xyz.data() + 3 * kept;
            bool usable = true;
            for (std::size_t axis = 0; axis < 3; ++axis) {
                to[axis] = readers[axis](point + cloud.xyz[axis].offset);
                usable = usable && geometry::is_usable_coordinate(to[axis]);
            }
            if (!usable) {
                continue;
            }
            if (with_intensity) {
                points.intensity[kept] = read_intensity(point + cloud.intensity.offset);
            }
            points.rows[kept++] = static_cast<std::uint32_t>(i);
        }
    }
    points.xyz.resize(3 * kept);
    points.intensity.resize(with_intensity ? kept : 0);
    points.rows.resize(kept);
}

}  // namespace distillar::runtime
