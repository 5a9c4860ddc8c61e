#include "inference/sensor_contract.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/log.hpp"

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
    geometry::Scan scan = datasets::scan_of(frame, nullptr);
    geometry::AlignmentBuffers buffers;
    const auto alignment =
        geometry::align_scan(scan.points, scan.intensity, {scan.sensor_height, scan.scale}, input_,
                             model_height_, buffers);
    scan.sensor_height = alignment.height;
    warn(frame, alignment.findings);
    return scan;
}

void SensorContract::warn(const datasets::Frame& frame,
                          const std::vector<geometry::SensorFinding>& findings) {
    const std::scoped_lock lock(mutex_);
    for (const auto& finding : findings) {
        if (warned_.insert(finding.topic).second) {
            spdlog::warn("{}: {} ({})", frame.source.string(), finding.message, source_);
        }
    }
}

}  // namespace distillar::inference
