#pragma once
#include <filesystem>

#include "models/teacher.hpp"

namespace distillar::models {

/// One safetensors file per image, same relative path below `features` as the image has below
/// `images`: tensor `features`, rows x columns x channels (fp16 or fp32), metadata image_width,
/// image_height, teacher, weights_licence. How any external vision model is used.
std::unique_ptr<Teacher> open_feature_files(const std::filesystem::path& images,
                                            const std::filesystem::path& features);

}  // namespace distillar::models
