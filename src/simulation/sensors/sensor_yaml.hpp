#pragma once
#include <optional>

#include "base/yaml.hpp"

namespace distillar::simulation {

/// What a number of a sensor file may be.
struct Limits {
    double low = 0, high = 0;
    const char* unit = "";
};

inline constexpr double radians_per_degree = 0.017453292519943295;

/// @throws base::Error that names file, line, key and the limits.
double number_in(const base::Yaml& yaml, const Limits& limits);
double number_in(const base::Yaml& map, const char* key, const Limits& limits);
double number_in(const base::Yaml& map, const char* key, const Limits& limits, double fallback);
int count_in(const base::Yaml& map, const char* key, int low, int high, const char* unit);

/// `count` numbers: one for all, a list of as many, or {from, to} evenly spaced.
std::vector<double> numbers_in(const base::Yaml& yaml, std::size_t count, const Limits& limits);

}  // namespace distillar::simulation
