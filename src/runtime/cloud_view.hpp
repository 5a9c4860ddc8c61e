#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace distillar::runtime {

/// Types of a field, numbered as in sensor_msgs/PointField.
enum class FieldType : std::uint32_t {
    absent = 0,
    i8 = 1,
    u8 = 2,
    i16 = 3,
    u16 = 4,
    i32 = 5,
    u32 = 6,
    f32 = 7,
    f64 = 8
};

struct CloudField {
    std::uint64_t offset = 0;  ///< bytes from a point's start
    FieldType type = FieldType::absent;
};

/// A point cloud in someone else's memory, described as PointCloud2 describes one. Values in the
/// machine's byte order; no alignment is needed.
struct CloudView {
    const void* data = nullptr;
    std::uint64_t bytes = 0;   ///< of the whole buffer
    std::uint64_t count = 0;   ///< points
    std::uint64_t stride = 0;  ///< bytes from one point to the next
    std::array<CloudField, 3> xyz;
    CloudField intensity;
    std::uint64_t width = 0;     ///< points in a row of an organised cloud; 0: all are in one row
    std::uint64_t row_step = 0;  ///< bytes from one row to the next; 0: rows without padding
};

/// The usable points of a cloud (geometry::is_usable_coordinate), memory kept from one to the next.
struct CloudPoints {
    std::vector<float> xyz;           ///< N x 3
    std::vector<float> intensity;     ///< N, or empty
    std::vector<std::uint32_t> rows;  ///< of the cloud, of each point
};

/// Checks the description alone; no point is read.
/// @throws base::Error if a coordinate is absent, a type unknown, a field reaches past the stride,
///         the points past the buffer, rows overlap or do not add up, or a size overflows; if there
///         are more than 2^31 - 1 points.
void check_cloud(const CloudView& cloud);

/// Copies the points whose coordinates are usable, row after row.
void read_cloud(const CloudView& cloud, CloudPoints& points);

}  // namespace distillar::runtime
