#pragma once
#include <filesystem>

#include "models/teacher.hpp"

namespace distillar::models {

/// One feature file (formats/feature_file.hpp) per image, same relative path below `features` as
/// the image has below `images`, ending .safetensors. Cells are areas of the image
/// (CellGeometry::centres). How any external vision model is used.
/// The images themselves need not be there; where one is, its size must be the metadata's.
/// Name and channels are those of the first file; another teacher among the files is an error.
/// @throws base::Error if there is no feature file below `features`.
std::unique_ptr<Teacher> open_feature_files(const std::filesystem::path& images,
                                            const std::filesystem::path& features);

}  // namespace distillar::models
