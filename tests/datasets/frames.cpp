#include "frames.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "formats/image.hpp"

namespace distillar::test {

namespace {

double median(std::vector<double> values) {
    if (values.empty()) {
        ADD_FAILURE() << "no point to measure";
        return 0;
    }
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

}  // namespace

datasets::Selection select(const std::filesystem::path& path, const std::string& format) {
    datasets::Selection selection;
    selection.path = path;
    selection.format = format;
    return selection;
}

std::unique_ptr<datasets::Dataset> open(const std::filesystem::path& path,
                                        const std::string& format) {
    return datasets::open_dataset(select(path, format));
}

std::size_t count_label(const datasets::Frame& frame, std::uint32_t label) {
    return static_cast<std::size_t>(std::count(frame.labels.begin(), frame.labels.end(), label));
}

datasets::CameraView view_of(const datasets::Frame& frame, const std::string& camera) {
    for (const auto& view : frame.views) {
        if (view.name == camera) {
            return view;
        }
    }
    ADD_FAILURE() << frame.id << " has no view of " << camera;
    datasets::CameraView view;
    view.camera = {geometry::CameraModel::pinhole, 1, 1, 1, 1, 0, 0, {}};
    return view;
}

std::vector<std::string> camera_names(const datasets::Frame& frame) {
    std::vector<std::string> names;
    for (const auto& view : frame.views) {
        names.push_back(view.name);
    }
    return names;
}

std::size_t points_in(const datasets::Frame& frame, const datasets::CameraView& view) {
    return geometry::project(frame.points, view.camera, view.T_camera_lidar, view.border).size();
}

std::size_t points_in(const datasets::Frame& frame, datasets::CameraView view,
                      const geometry::BorderRule& rule) {
    view.border = rule;
    return points_in(frame, view);
}

double road_height(const datasets::Frame& frame) {
    std::vector<double> heights;
    for (Eigen::Index i = 0; i < frame.points.rows(); ++i) {
        const double distance = frame.points.row(i).head<2>().norm();
        const double height = frame.points(i, 2);
        if (distance > 3 && distance < 8 && height > -2.4 && height < -1.3) {
            heights.push_back(height);
        }
    }
    return median(heights);
}

double median_height(const datasets::Frame& frame, std::uint32_t label, double within) {
    std::vector<double> heights;
    for (std::size_t i = 0; i < frame.labels.size(); ++i) {
        const auto point = frame.points.row(static_cast<Eigen::Index>(i));
        if (frame.labels[i] == label && point.head<2>().norm() < within) {
            heights.push_back(point[2]);
        }
    }
    return median(heights);
}

formats::Cloud line_of_points(int count) {
    formats::Cloud cloud;
    cloud.points.resize(count, 3);
    for (int i = 0; i < count; ++i) {
        cloud.points.row(i) << 2 + i, 0.5 * i, -1.5;
        cloud.intensity.push_back(static_cast<float>(i));
    }
    return cloud;
}

void write_image(const std::filesystem::path& file, int width, int height) {
    formats::Image image{width, height, {}};
    image.rgb.assign(static_cast<std::size_t>(3 * width * height), 100);
    formats::write_png(file, image);
}

}  // namespace distillar::test
