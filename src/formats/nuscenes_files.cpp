#include "formats/nuscenes_files.hpp"

#include <cmath>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/limits.hpp"
#include "formats/records.hpp"

namespace distillar::formats {

namespace {

constexpr std::size_t point_size = 5 * sizeof(float);
constexpr std::uint32_t largest_label = 255;

/// The ring of a point, which the file holds as float32. A point that is no return (NaN) may have
/// any ring; else a broken one means that this is not a nuScenes file.
std::uint16_t checked_ring(const std::filesystem::path& file, const Cloud& cloud, std::size_t point,
                           float ring) {
    if (ring >= 0 && ring <= 65535 && std::floor(ring) == ring) {
        return static_cast<std::uint16_t>(ring);
    }
    if (!cloud.points.row(static_cast<Eigen::Index>(point)).allFinite()) {
        return 0;
    }
    base::fail_in(file,
                  "ring {} of point {} is no whole number from 0 to 65535; is it a KITTI .bin "
                  "(4 floats per point)? then its name must not end in .pcd.bin",
                  ring, point);
}

}  // namespace

Cloud read_nuscenes_bin(const std::filesystem::path& file) {
    const auto bytes = base::read_file(file);
    const std::size_t points = record_count(
        file, bytes.size(), point_size, "float32 x y z intensity ring per point",
        bytes.size() % 16 == 0 ? "is it a KITTI .bin? then its name must not end in .pcd.bin"
                               : "it is cut off, or another format; copy or download it again");
    base::require_within(points, &base::Limits::points, file, "has");
    Cloud cloud;
    cloud.points.resize(static_cast<Eigen::Index>(points), 3);
    cloud.intensity.resize(points);
    cloud.ring.resize(points);
    for (std::size_t i = 0; i < points; ++i) {
        const std::byte* point = bytes.data() + i * point_size;
        for (int axis = 0; axis < 3; ++axis) {
            cloud.points(static_cast<Eigen::Index>(i), axis) = load<float>(point + 4 * axis);
        }
        cloud.intensity[i] = load<float>(point + 12);
        cloud.ring[i] = checked_ring(file, cloud, i, load<float>(point + 16));
    }
    return cloud;
}

void write_nuscenes_bin(const std::filesystem::path& file, const Cloud& cloud) {
    check_field_sizes(file, cloud);
    std::vector<std::byte> bytes(cloud.size() * point_size);
    for (std::size_t i = 0; i < cloud.size(); ++i) {
        std::byte* point = bytes.data() + i * point_size;
        for (int axis = 0; axis < 3; ++axis) {
            store(point + 4 * axis,
                  static_cast<float>(cloud.points(static_cast<Eigen::Index>(i), axis)));
        }
        store(point + 12, cloud.intensity.empty() ? 0.0f : cloud.intensity[i]);
        store(point + 16, cloud.ring.empty() ? 0.0f : static_cast<float>(cloud.ring[i]));
    }
    base::write_file(file, bytes);
}

std::vector<std::uint32_t> read_lidarseg(const std::filesystem::path& file, std::size_t points) {
    const auto bytes = base::read_file(file);
    const std::size_t count = record_count(file, bytes.size(), 1, "uint8 per point", "");
    if (points != 0 && count == 4 * points) {
        base::fail_in(file, "{} bytes for {} points; is it a SemanticKITTI .label (4 bytes each)?",
                      count, points);
    }
    check_label_count(file, count, points);
    std::vector<std::uint32_t> label(count);
    for (std::size_t i = 0; i < count; ++i) {
        label[i] = std::to_integer<std::uint32_t>(bytes[i]);
    }
    return label;
}

void write_lidarseg(const std::filesystem::path& file, std::span<const std::uint32_t> label) {
    std::vector<std::byte> bytes(label.size());
    for (std::size_t i = 0; i < label.size(); ++i) {
        if (label[i] > largest_label) {
            base::fail_in(file,
                          "cannot be written: point {} has label {}; a lidarseg file holds at most "
                          "255, write .label or PCD instead",
                          i, label[i]);
        }
        bytes[i] = static_cast<std::byte>(label[i]);
    }
    base::write_file(file, bytes);
}

}  // namespace distillar::formats
