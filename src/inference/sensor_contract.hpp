#pragma once
#include <mutex>
#include <set>
#include <string>

#include "datasets/frame.hpp"
#include "formats/model_file.hpp"
#include "geometry/sensor_alignment.hpp"

namespace distillar::inference {

/// Brings scans to what a model was trained on (geometry::align_scan), and warns once about each
/// thing that cannot be right.
class SensorContract {
public:
    SensorContract(const formats::ModelDescription& model, std::string source);

    /// @throws base::Error if the frame cannot give an input feature.
    void check(const datasets::Frame& frame) const;

    /// The frame's points, intensity and scale, aligned. Labels are left out. Safe from several
    /// threads.
    /// @throws base::Error as check().
    geometry::Scan align(const datasets::Frame& frame);

    /// Warns of what was found, once about each topic. Safe from several threads.
    void warn(const datasets::Frame& frame, const std::vector<geometry::SensorFinding>& findings);

private:
    geometry::InputSpec input_;
    float model_height_;
    std::string source_;
    std::mutex mutex_;
    std::set<std::string> warned_;  ///< topics
};

}  // namespace distillar::inference
