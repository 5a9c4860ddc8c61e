#pragma once
/// Private to cli: what `info` measures on a data set.
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "datasets/dataset.hpp"

namespace distillar::cli {

/// A camera as its views describe it, and in how many of the measured frames it is there.
struct CameraSummary {
    std::string model;  ///< pinhole, opencv, fisheye
    int width = 0;      ///< pixels
    int height = 0;
    std::size_t frames = 0;
};

/// One raw label id.
struct LabelSummary {
    std::uint32_t id = 0;
    std::string name;  ///< "" if the data set has none
    std::uint64_t points = 0;
};

/// Raw intensities. Percentiles come from at most 20,000 points a frame, evenly spread.
struct IntensitySummary {
    float min = 0;
    float max = 0;
    std::map<int, float> percentiles;  ///< 1, 5, 25, 50, 75, 95, 99
    geometry::IntensityScale robust;   ///< median and spread, as for an unknown sensor
    geometry::IntensityScale declared;
};

/// How far the road lies below the sensor, metres: median and range over the measured frames.
struct RoadSummary {
    double height = 0;
    double lowest = 0;
    double highest = 0;
    double declared = 0;  ///< by the reader; 0 = unknown
};

struct DataReport {
    std::string path;
    std::string format;
    std::string frame_convention;  ///< canonical or published
    std::size_t frames = 0;
    std::size_t labelled_frames = 0;
    std::size_t measured_frames = 0;
    std::uint64_t points = 0;  ///< finite points of the measured frames
    std::uint64_t fewest_points = 0;
    std::uint64_t most_points = 0;
    std::uint64_t not_finite = 0;  ///< points left out because a coordinate is not a number
    std::set<std::string> sensors;
    std::map<std::string, CameraSummary> cameras;
    std::vector<LabelSummary> labels;
    std::optional<IntensitySummary> intensity;
    std::optional<RoadSummary> road;
    std::array<double, 3> min{};  ///< extent, metres
    std::array<double, 3> max{};
    double farthest = 0;  ///< metres from the sensor
};

/// Reads at most `limit` frames (0: all), evenly spread over the data set, and measures them. The
/// result is the same for any number of threads.
/// @param on_first  called when the first frame has been read.
DataReport measure(const datasets::Dataset& dataset, const datasets::Selection& selection,
                   std::size_t limit, const std::function<void()>& on_first);

void print_report(const DataReport& report);
nlohmann::ordered_json report_json(const DataReport& report);

}  // namespace distillar::cli
