#pragma once
/// Private to cli: what `info` measures on one frame.
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "datasets/frame.hpp"

namespace distillar::cli {

struct FrameMeasure {
    std::uint64_t points = 0;
    std::uint64_t not_finite = 0;
    std::string sensor;
    std::vector<datasets::CameraView> views;
    std::map<std::uint32_t, std::uint64_t> labels;  ///< raw id -> points
    std::vector<float> intensities;                 ///< at most 20,000, evenly spread
    float min_intensity = 0;
    float max_intensity = 0;
    geometry::IntensityScale declared_scale;
    std::optional<double> road_height;
    double declared_height = 0;
    std::array<double, 3> min{};
    std::array<double, 3> max{};
    double farthest = 0;
};

FrameMeasure measure_frame(const datasets::Frame& frame);

}  // namespace distillar::cli
