#include "training/sensor_contract.hpp"

#include "base/log.hpp"
#include "geometry/sensor_alignment.hpp"

namespace distillar::training {

SensorContract::SensorContract(const formats::ModelDescription& model, std::string source)
    : input_(model.input), model_height_(model.sensor.height), source_(std::move(source)) {}

geometry::Scan SensorContract::align(const datasets::Frame& frame) {
    const geometry::SensorAlignment alignment =
        geometry::align_sensor(frame.points, frame.intensity,
                               {frame.sensor_height, frame.intensity_scale}, input_, model_height_);
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

}  // namespace distillar::training
