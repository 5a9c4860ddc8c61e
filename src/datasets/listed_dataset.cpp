#include "datasets/listed_dataset.hpp"

#include "base/error.hpp"
#include "formats/image.hpp"

namespace distillar::datasets {

namespace {

bool usable(const formats::Cloud& cloud, std::size_t row) {
    const auto point = cloud.points.row(static_cast<Eigen::Index>(row));
    return geometry::is_usable_coordinate(point[0]) && geometry::is_usable_coordinate(point[1]) &&
           geometry::is_usable_coordinate(point[2]);
}

template <typename T>
std::vector<T> taken(const std::vector<T>& values, const std::vector<std::uint32_t>& rows) {
    std::vector<T> result;
    if (values.empty()) {
        return result;
    }
    result.reserve(rows.size());
    for (const std::uint32_t row : rows) {
        result.push_back(values[row]);
    }
    return result;
}

}  // namespace

ListedDataset::ListedDataset(std::string format, Selection selection, std::vector<Entry> entries)
    : format_(std::move(format)), selection_(std::move(selection)) {
    if (entries.empty()) {
        base::fail_in(selection_.path,
                      "nothing is selected; check `sequences`, `sensor` and `split`");
    }
    std::vector<std::string> ids;
    ids.reserve(entries.size());
    for (const auto& entry : entries) {
        ids.push_back(entry.id);
    }
    for (const std::size_t index : select_frames(ids, selection_.frames)) {
        entries_.push_back(std::move(entries[index]));
        if (!selection_.labels) {
            entries_.back().labels.clear();
        }
    }
}

Frame ListedDataset::outline(std::size_t index) const {
    Frame frame;
    frame.id = entry(index).id;
    frame.source = entry(index).scan;
    return frame;
}

void fill_points(Frame& frame, const formats::Cloud& cloud,
                 const std::vector<std::uint32_t>& labels, const geometry::Pose& T_frame_file,
                 std::optional<std::uint8_t> sensor) {
    std::vector<std::uint32_t> rows;
    rows.reserve(cloud.size());
    std::size_t selected = 0;
    for (std::size_t row = 0; row < cloud.size(); ++row) {
        if (sensor && (cloud.sensor.empty() || cloud.sensor[row] != *sensor)) {
            continue;
        }
        ++selected;
        if (usable(cloud, row)) {
            rows.push_back(static_cast<std::uint32_t>(row));
        }
    }
    if (rows.empty()) {
        base::fail_in(frame.source,
                      "not one finite point among {} of {} selected; leave this scan out", selected,
                      cloud.size());
    }
    const Eigen::Matrix3d rotation = T_frame_file.linear();
    const Eigen::Vector3d translation = T_frame_file.translation();
    frame.points.resize(static_cast<Eigen::Index>(rows.size()), 3);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Eigen::Vector3d point =
            cloud.points.row(static_cast<Eigen::Index>(rows[i])).transpose();
        frame.points.row(static_cast<Eigen::Index>(i)) =
            (rotation * point + translation).transpose();
    }
    frame.intensity = taken(cloud.intensity, rows);
    frame.labels = taken(labels, rows);
    frame.file_points = cloud.size();
    frame.dropped = selected - rows.size();
    if (rows.size() != cloud.size()) {
        frame.file_rows = std::move(rows);
    }
}

geometry::Pose canonical_from_y_forward() {
    geometry::Pose pose = geometry::Pose::Identity();
    pose.linear() << 0, 1, 0, -1, 0, 0, 0, 0, 1;
    return pose;
}

void take_image_size(CameraView& view) {
    const auto size = formats::read_image_size(view.image);
    view.camera.width = size.width;
    view.camera.height = size.height;
}

}  // namespace distillar::datasets
