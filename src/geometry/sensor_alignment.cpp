#include "geometry/sensor_alignment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "geometry/road.hpp"

namespace distillar::geometry {

namespace {

constexpr float same_height = 0.3F;     // metres: smaller differences are left to the network
constexpr double suspect_height = 0.7;  // metres between declared and measured road
constexpr float suspect_median = 4;     // deviations from the declared mean

/// @param intensity  changed.
void check_intensity(std::vector<float>& intensity, const IntensityScale& declared,
                     const InputSpec& input, SensorAlignment& alignment) {
    const auto& features = input.features;
    if (intensity.empty() ||
        std::find(features.begin(), features.end(), "intensity") == features.end()) {
        return;
    }
    const IntensityScale measured = robust_scale_of(intensity);
    const float offset = (measured.mean - declared.mean) / declared.deviation;
    const float spread = measured.deviation / declared.deviation;
    if (std::abs(offset) > suspect_median || spread < 0.02F || spread > 50.0F) {
        alignment.findings.push_back(
            {"intensity", fmt::format("intensities lie around {:.3g}, expected are values around "
                                      "{:.3g}; check the intensity scale",
                                      measured.mean, declared.mean)});
    }
}

/// Declared, else measured, else the model's own.
float height_of(const std::optional<double>& measured, float declared, float model_height,
                SensorAlignment& alignment) {
    if (!measured) {
        alignment.findings.push_back(
            {"road",
             "no road found below the sensor; check that x points forward, y left and z "
             "up, in metres"});
    }
    if (declared > 0) {
        if (measured && std::abs(*measured - double{declared}) > suspect_height) {
            alignment.findings.push_back(
                {"height", fmt::format("the road seems to lie {:.2f} m below the sensor, declared "
                                       "are {:.2f} m; check the height",
                                       *measured, declared)});
        }
        return declared;
    }
    return measured ? static_cast<float>(*measured) : model_height;
}

}  // namespace

SensorAlignment align_scan(Eigen::Ref<Points32, 0, Eigen::OuterStride<3>> points,
                           std::span<const float> intensity, const SensorDeclaration& declared,
                           const InputSpec& input, float model_height, AlignmentBuffers& buffers) {
    SensorAlignment alignment;
    buffers.intensity.assign(intensity.begin(), intensity.end());
    check_intensity(buffers.intensity, declared.scale, input, alignment);
    const auto road = road_height(points, buffers.nearby);
    alignment.height = height_of(road, declared.height, model_height, alignment);
    const float shift = alignment.height - model_height;
    if (model_height > 0 && alignment.height > 0 && std::abs(shift) > same_height) {
        alignment.findings.push_back(
            {"shift", fmt::format("its sensor is {:.2f} m above the road, the model's {:.2f} m; "
                                  "heights are shifted by {:+.2f} m",
                                  alignment.height, model_height, shift)});
        alignment.shift = shift;
        alignment.height = model_height;
    }
    points.col(2).array() += alignment.shift;
    return alignment;
}

}  // namespace distillar::geometry
