#include "cli/frame_measure.hpp"

#include <algorithm>

#include "geometry/road.hpp"

namespace distillar::cli {

namespace {

constexpr std::size_t most_intensities = 20'000;

void measure_intensity(const datasets::Frame& frame, FrameMeasure& measure) {
    if (frame.intensity.empty()) {
        return;
    }
    const auto [low, high] = std::minmax_element(frame.intensity.begin(), frame.intensity.end());
    measure.min_intensity = *low;
    measure.max_intensity = *high;
    const std::size_t step = (frame.intensity.size() + most_intensities - 1) / most_intensities;
    for (std::size_t i = 0; i < frame.intensity.size(); i += step) {
        measure.intensities.push_back(frame.intensity[i]);
    }
}

void measure_extent(const datasets::Frame& frame, FrameMeasure& measure) {
    if (frame.points.rows() == 0) {
        return;
    }
    for (int axis = 0; axis < 3; ++axis) {
        const auto place = static_cast<std::size_t>(axis);
        measure.min[place] = frame.points.col(axis).minCoeff();
        measure.max[place] = frame.points.col(axis).maxCoeff();
    }
    measure.farthest = frame.points.rowwise().norm().maxCoeff();
}

}  // namespace

FrameMeasure measure_frame(const datasets::Frame& frame) {
    FrameMeasure measure;
    measure.points = static_cast<std::uint64_t>(frame.points.rows());
    measure.not_finite = frame.dropped;
    measure.sensor = frame.sensor;
    measure.views = frame.views;
    for (const std::uint32_t label : frame.labels) {
        ++measure.labels[label];
    }
    measure.declared_scale = frame.intensity_scale;
    measure.road_height = geometry::road_height(frame.points);
    measure.declared_height = frame.sensor_height;
    measure_intensity(frame, measure);
    measure_extent(frame, measure);
    return measure;
}

}  // namespace distillar::cli
