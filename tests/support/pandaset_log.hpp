#pragma once
/// A PandaSet frame laid out as a user's own log.
#include <filesystem>
#include <string>

#include "datasets/dataset.hpp"

namespace distillar::test {

struct LogLayout {
    bool y_forward = false;
    bool label_files = true;  ///< else a field of the PCD
    std::string camera_keys = "";
    std::string lidar_keys =
        "  height: 1.85\n  intensity: {mean: 18.23640649, deviation: 25.86983417}\n";
};

/// One frame as a log of its own (PandaSet's extrinsics differ from frame to frame): scan as PCD,
/// front camera's image, labels, log.yaml.
void lay_out(const std::filesystem::path& folder, const datasets::Dataset& pandaset,
             std::size_t index, const LogLayout& layout);

}  // namespace distillar::test
