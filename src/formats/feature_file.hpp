#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace distillar::formats {

/// An image's features by a vision model, as one safetensors file: tensor `features`, rows x
/// columns x channels (fp16 or fp32), metadata image_width, image_height, teacher, and
/// weights_licence where known.
struct FeatureFile {
    std::string teacher;
    std::string licence;  ///< of the teacher's weights, or empty
    int image_width = 0;  ///< pixels
    int image_height = 0;
    std::vector<std::int64_t> shape;  ///< rows, columns, channels; none is 0
    std::vector<float> values;        ///< finite
};

/// @throws base::Error if there is no such file, it is damaged, or it is no feature file.
FeatureFile read_feature_file(const std::filesystem::path& file);

}  // namespace distillar::formats
