#include "inference/sensor_contract.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/log.hpp"
#include "geometry/sensor_alignment.hpp"

namespace distillar::inference {

SensorContract::SensorContract(const formats::ModelDescription& model, std::string source)
    : input_(model.input), model_height_(model.sensor.height), source_(std::move(source)) {}

void SensorContract::check(const datasets::Frame& frame) const {
    const auto& features = input_.features;
    const bool wants = std::find(features.begin(), features.end(), "intensity") != features.end();
    if (wants && frame.intensity.empty()) {
        base::fail(
            "{}: has no intensity, but the model {} needs it as an input feature; use a model "
            "without it (features: [x, y, z, radius])",
            frame.source.string(), source_);
    }
}

geometry::Scan SensorContract::align(const datasets::Frame& frame) {
    check(frame);
    const geometry::SensorAlignment alignment =
        geometry::align_sensor(frame.points, frame.intensity,
                               {frame.sensor_height, frame.intensity_scale}, input_, model_height_);
    const std::scoped_lock lock(mutex_);
    for (const auto& finding : alignment.findings) {
        if (warned_.insert(finding.topic).second) {
            spdlog::warn("{}: {} ({})", frame.source.string(), finding.message, source_);
        }
    }
    geometry::Scan scan = datasets::scan_of(frame, nullptr);
    scan.points.col(2).array() += alignment.shift;
    scan.sensor_height = alignment.height;
    return scan;
}

}  // namespace distillar::inference
