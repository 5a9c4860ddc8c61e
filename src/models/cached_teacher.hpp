#pragma once
#include <filesystem>
#include <memory>

#include "models/teacher.hpp"

namespace distillar::models {

/// A teacher that computes each image once: its features go to `folder` as one fp16 safetensors
/// file per image and are memory-mapped from then on. A file of another teacher, or of an image of
/// another size, is computed anew.
std::unique_ptr<Teacher> with_cache(std::unique_ptr<Teacher> teacher,
                                    const std::filesystem::path& folder);

}  // namespace distillar::models
