#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace distillar::datasets {

/// Names of the files configs/FOLDER/NAME.yaml, sorted.
std::vector<std::string> config_names(const std::string& folder);

/// configs/FOLDER/NAME.yaml. @throws base::Error with the nearest name if there is none.
/// @param kind  what such a file is, for the message: "taxonomy".
std::filesystem::path config_file(const std::string& folder, const std::string& kind,
                                  const std::string& name);

}  // namespace distillar::datasets
