#pragma once
#include <filesystem>

namespace distillar::models {

/// The file of a teacher's weights. A bare name, without folder or extension, stands for weights
/// kept with the program: configs/teachers/NAME.safetensors ("stand-in": docs/stand-in-teacher.md).
/// Anything else is a path and returned as it is.
/// @throws base::Error for a name that is not there, with those that are.
std::filesystem::path teacher_weights(const std::filesystem::path& named);

}  // namespace distillar::models
