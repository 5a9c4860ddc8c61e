#include "training/sensor_contract.hpp"

#include <algorithm>
#include <cmath>

#include "base/log.hpp"
#include "geometry/road.hpp"

namespace distillar::training {

namespace {

constexpr double same_height = 0.3;     // metres: smaller differences are left to the network
constexpr double suspect_height = 0.7;  // metres between declared and measured road
constexpr double suspect_median = 4;    // deviations from the declared mean

bool uses(const geometry::InputSpec& input, const char* feature) {
    return std::find(input.features.begin(), input.features.end(), feature) != input.features.end();
}

}  // namespace

SensorContract::SensorContract(const formats::ModelDescription& model, std::string source)
    : input_(model.input), model_height_(model.sensor.height), source_(std::move(source)) {}

geometry::Scan SensorContract::align(const datasets::Frame& frame) {
    check_intensity(frame);
    geometry::Scan scan = datasets::scan_of(frame, nullptr);
    scan.sensor_height = height_of(frame);
    const float shift = scan.sensor_height - model_height_;
    if (model_height_ > 0 && scan.sensor_height > 0 && std::abs(shift) > same_height) {
        warn_once("shift",
                  fmt::format("{}: its sensor is {:.2f} m above the road, the model's {:.2f} m; "
                              "heights are shifted by {:+.2f} m",
                              frame.source.string(), scan.sensor_height, model_height_, shift));
        scan.points.col(2).array() += shift;
        scan.sensor_height = model_height_;
    }
    return scan;
}

/// Declared, else measured, else the model's own.
float SensorContract::height_of(const datasets::Frame& frame) {
    const auto measured = geometry::road_height(frame.points);
    const std::string file = frame.source.string();
    if (!measured) {
        warn_once("road", fmt::format("{}: no road found below the sensor; check that x points "
                                      "forward, y left and z up",
                                      file));
    }
    if (frame.sensor_height > 0) {
        if (measured && std::abs(*measured - double{frame.sensor_height}) > suspect_height) {
            warn_once("height", fmt::format("{}: the road seems to lie {:.2f} m below the sensor, "
                                            "declared are {:.2f} m; check the height",
                                            file, *measured, frame.sensor_height));
        }
        return frame.sensor_height;
    }
    return measured ? static_cast<float>(*measured) : model_height_;
}

void SensorContract::check_intensity(const datasets::Frame& frame) {
    if (!uses(input_, "intensity") || frame.intensity.empty()) {
        return;
    }
    const auto measured = geometry::robust_scale(frame.intensity);
    const auto& declared = frame.intensity_scale;
    const float offset = (measured.mean - declared.mean) / declared.deviation;
    const float spread = measured.deviation / declared.deviation;
    if (std::abs(offset) > suspect_median || spread < 0.02F || spread > 50.0F) {
        warn_once(
            "intensity",
            fmt::format("{}: intensities lie around {:.3g}, expected are values around {:.3g}; "
                        "check the intensity scale",
                        frame.source.string(), measured.mean, declared.mean));
    }
}

void SensorContract::warn_once(const std::string& topic, const std::string& message) {
    if (warned_.insert(topic).second) {
        spdlog::warn("{} ({})", message, source_);
    }
}

}  // namespace distillar::training
