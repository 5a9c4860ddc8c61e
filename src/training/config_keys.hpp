#pragma once
/// Private to training: how the sections of a config are read.
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/yaml.hpp"

namespace distillar::training {

/// The value of a key, where it is given.
template <typename T>
void read(const base::Yaml& yaml, const char* key, T& value) {
    value = yaml.get<T>(key, value);
}

inline void read(const base::Yaml& yaml, const char* key, std::filesystem::path& value) {
    const auto text = yaml.get<std::string>(key, "");
    if (!text.empty()) {
        value = base::expand_path(text);
    }
}

/// @throws base::Error "KEY must be RULE" at the key's place unless `holds`.
inline void require(const base::Yaml& yaml, const char* key, bool holds, const char* rule) {
    if (!holds) {
        const auto value = yaml.find(key);
        (value ? *value : yaml).fail(std::string(key) + " must be " + rule);
    }
}

inline void read_weight(const base::Yaml& yaml, const char* key, double& value) {
    read(yaml, key, value);
    require(yaml, key, value >= 0 && std::isfinite(value), "0 or above");
}

inline void read_positive(const base::Yaml& yaml, const char* key, double& value) {
    read(yaml, key, value);
    require(yaml, key, value > 0 && std::isfinite(value), "above 0");
}

/// A key whose value is one of a few words.
inline void choose(const base::Yaml& yaml, const char* key, std::string& value,
                   const std::vector<std::string>& choices) {
    read(yaml, key, value);
    for (const auto& choice : choices) {
        if (value == choice) {
            return;
        }
    }
    yaml[key].fail("'" + value + "' is not one of: " + fmt::format("{}", fmt::join(choices, ", ")));
}

}  // namespace distillar::training
