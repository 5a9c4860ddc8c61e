#pragma once
#include <string>
#include <vector>

#include "geometry/preprocess.hpp"

namespace distillar::geometry {

/// Something about a scan that a user should hear of: once per topic is enough.
struct SensorFinding {
    std::string topic;  ///< "intensity", "road", "height" or "shift"
    std::string message;
};

/// How a scan is brought to what a model was trained on, and what cannot be right about it.
struct SensorAlignment {
    float height = 0;  ///< metres above the road, after the shift: for the feature "height"
    float shift = 0;   ///< metres that were added to every z
    std::vector<SensorFinding> findings;
};

/// What a scan's sensor is, as far as it is declared.
struct SensorDeclaration {
    float height = 0;  ///< metres above the road; 0: not known
    IntensityScale scale;
};

/// Memory of align_scan, kept from one scan to the next.
struct AlignmentBuffers {
    std::vector<Eigen::Vector3d> nearby;
    std::vector<float> intensity;
};

/// What is certain is aligned: an unknown height of the sensor is measured, a sensor mounted higher
/// or lower than the model's (by more than 0.3 m) has its scan shifted so that the road lies where
/// the model knows it. What is not certain is said: a road far from the declared height, no road at
/// all (axes turned?), intensities outside the declared range. Only findings allocate.
/// @param points        N x 3, metres, canonical frame, finite; their z is shifted.
/// @param intensity     N raw values, or empty.
/// @param model_height  metres above the road of the model's sensor; 0: not known, nothing shifts.
SensorAlignment align_scan(Eigen::Ref<Points32, 0, Eigen::OuterStride<3>> points,
                           std::span<const float> intensity, const SensorDeclaration& declared,
                           const InputSpec& input, float model_height, AlignmentBuffers& buffers);

}  // namespace distillar::geometry
