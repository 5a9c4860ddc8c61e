#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace distillar::base {

/// The candidate with the smallest edit distance to `name` ("" if there are none).
std::string nearest_name(std::string_view name, std::span<const std::string> candidates);

/// "a, b, c".
std::string join(std::span<const std::string> parts, std::string_view separator = ", ");

std::vector<std::string> split(std::string_view text, char separator);
std::string trim(std::string_view text);

/// Fit for one line of a terminal: control characters (line breaks, escape codes: names in files
/// are anybody's) become spaces, those at the ends go.
std::string one_line(std::string text);

/// The whole text as a number. @throws Error naming `what` otherwise.
long long parse_integer(std::string_view text, std::string_view what);
double parse_number(std::string_view text, std::string_view what);

}  // namespace distillar::base
