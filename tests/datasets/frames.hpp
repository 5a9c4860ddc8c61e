#pragma once
/// What the tests of data sets share: opening, counting, finding the road.
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "datasets/dataset.hpp"
#include "formats/cloud.hpp"
#include "geometry/camera.hpp"

namespace distillar::test {

datasets::Selection select(const std::filesystem::path& path, const std::string& format = "");
std::unique_ptr<datasets::Dataset> open(const std::filesystem::path& path,
                                        const std::string& format = "");

/// How many points carry a raw label.
std::size_t count_label(const datasets::Frame& frame, std::uint32_t label);

/// The view of a camera; a failure and a crash-free empty view if it is not there.
datasets::CameraView view_of(const datasets::Frame& frame, const std::string& camera);
std::vector<std::string> camera_names(const datasets::Frame& frame);

/// Points of the frame in a view's image, by the view's own rule or another.
std::size_t points_in(const datasets::Frame& frame, const datasets::CameraView& view);
std::size_t points_in(const datasets::Frame& frame, datasets::CameraView view,
                      const geometry::BorderRule& rule);

/// Median height of the points 3 to 8 m away and 1.3 to 2.4 m below the sensor: mostly road.
double road_height(const datasets::Frame& frame);
/// Median height of the points with a label.
double median_height(const datasets::Frame& frame, std::uint32_t label, double within);

/// A small cloud: `count` points on a line, intensities 0, 1, 2, ...
formats::Cloud line_of_points(int count);

/// A grey image of this size as PNG.
void write_image(const std::filesystem::path& file, int width, int height);

}  // namespace distillar::test
