#pragma once
#include <set>
#include <string>

#include "datasets/frame.hpp"
#include "formats/model_file.hpp"

namespace distillar::training {

/// Brings scans to what a model was trained on, as its file says, and warns once about each thing
/// that cannot be right. What is certain is aligned: an unknown height of the sensor is measured, a
/// sensor mounted higher or lower than the model's (by more than 0.3 m) has its scan shifted so
/// that the road lies where the model knows it. What is not certain is said: a road far from the
/// declared height, no road at all (axes turned?), intensities outside the declared range.
class SensorContract {
public:
    SensorContract(const formats::ModelDescription& model, std::string source);

    /// The frame's points, intensity and scale, aligned. Labels are left out.
    geometry::Scan align(const datasets::Frame& frame);

private:
    float height_of(const datasets::Frame& frame);
    void check_intensity(const datasets::Frame& frame);
    void warn_once(const std::string& topic, const std::string& message);

    geometry::InputSpec input_;
    float model_height_;
    std::string source_;
    std::set<std::string> warned_;
};

}  // namespace distillar::training
