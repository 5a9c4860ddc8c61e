#include "formats/kitti.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/limits.hpp"
#include "formats/records.hpp"

namespace distillar::formats {

namespace {

constexpr std::size_t point_size = 4 * sizeof(float);
constexpr std::uint32_t largest_half = 0xFFFF;

}  // namespace

Cloud read_kitti_bin(const std::filesystem::path& file) {
    const auto bytes = base::read_file(file);
    const std::size_t points = record_count(
        file, bytes.size(), point_size, "float32 x y z remission per point",
        bytes.size() % 20 == 0 ? "is it a nuScenes .pcd.bin? then keep that ending"
                               : "it is cut off, or another format; copy or download it again");
    base::require_within(points, &base::Limits::points, file, "has");
    Cloud cloud;
    cloud.points.resize(static_cast<Eigen::Index>(points), 3);
    cloud.intensity.resize(points);
    for (std::size_t i = 0; i < points; ++i) {
        const std::byte* point = bytes.data() + i * point_size;
        for (int axis = 0; axis < 3; ++axis) {
            cloud.points(static_cast<Eigen::Index>(i), axis) = load<float>(point + 4 * axis);
        }
        cloud.intensity[i] = load<float>(point + 12);
    }
    return cloud;
}

void write_kitti_bin(const std::filesystem::path& file, const Cloud& cloud) {
    check_field_sizes(file, cloud);
    std::vector<std::byte> bytes(cloud.size() * point_size);
    for (std::size_t i = 0; i < cloud.size(); ++i) {
        std::byte* point = bytes.data() + i * point_size;
        for (int axis = 0; axis < 3; ++axis) {
            store(point + 4 * axis,
                  static_cast<float>(cloud.points(static_cast<Eigen::Index>(i), axis)));
        }
        store(point + 12, cloud.intensity.empty() ? 0.0f : cloud.intensity[i]);
    }
    base::write_file(file, bytes);
}

KittiLabels read_kitti_labels(const std::filesystem::path& file, std::size_t points) {
    const auto bytes = base::read_file(file);
    const std::size_t count = record_count(
        file, bytes.size(), sizeof(std::uint32_t), "uint32 per point",
        "it is cut off, or another format; a nuScenes lidarseg .bin has one byte per point");
    check_label_count(file, count, points);
    KittiLabels labels;
    labels.label.resize(count);
    labels.instance.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        const auto value = load<std::uint32_t>(bytes.data() + i * sizeof(std::uint32_t));
        labels.label[i] = value & largest_half;
        labels.instance[i] = value >> 16;
    }
    return labels;
}

void write_kitti_labels(const std::filesystem::path& file, std::span<const std::uint32_t> label,
                        std::span<const std::uint32_t> instance) {
    if (!instance.empty() && instance.size() != label.size()) {
        base::fail_in(file, "cannot be written: {} labels but {} instances; give one each",
                      label.size(), instance.size());
    }
    std::vector<std::byte> bytes(label.size() * sizeof(std::uint32_t));
    for (std::size_t i = 0; i < label.size(); ++i) {
        const std::uint32_t object = instance.empty() ? 0 : instance[i];
        if (label[i] > largest_half || object > largest_half) {
            base::fail_in(file,
                          "cannot be written: point {} has label {}, instance {}; a .label file "
                          "holds at most 65535 of each, write PCD instead",
                          i, label[i], object);
        }
        store(bytes.data() + i * sizeof(std::uint32_t), object << 16 | label[i]);
    }
    base::write_file(file, bytes);
}

}  // namespace distillar::formats
