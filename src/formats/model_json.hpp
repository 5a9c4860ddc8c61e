#pragma once
#include <filesystem>
#include <string>

#include "base/yaml.hpp"
#include "formats/model_file.hpp"

namespace distillar::formats {

/// The description as JSON text, floats in the shortest form that reads back to the same value.
/// @throws base::Error naming `file` if a text in it is not UTF-8.
std::string description_to_json(const ModelDescription& description,
                                const std::filesystem::path& file);

/// Strict: a newer schema, a missing, mistyped or unknown field is an error that names it.
ModelDescription description_from_json(const std::string& text, const std::filesystem::path& file);

/// What a description may say: known names, sizes within limits, a field of view that is not empty,
/// as many classes as outputs. @throws base::Error naming file and field.
void check_description(const ModelDescription& description, const std::filesystem::path& file);

/// A list of {drop, rows, columns}, not checked yet.
std::vector<geometry::PlaneGrid> grids_from(const base::Yaml& list);

/// The part of it that does not come from the weights.
void check_input(const geometry::InputSpec& input, const std::filesystem::path& file);
void check_sensor(const ModelDescription::Sensor& sensor, const std::filesystem::path& file);
void check_name(const std::string& value, const std::vector<std::string>& known, const char* field,
                const std::filesystem::path& file);

}  // namespace distillar::formats
