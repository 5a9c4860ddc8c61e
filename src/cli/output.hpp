#pragma once
/// Private to cli: how commands print to stdout.
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace distillar::cli {

/// 166768 -> "166,768".
std::string with_commas(std::uint64_t number);

/// One line "name   value" with the values aligned.
void print_row(std::string_view name, std::string_view value);

/// Indented JSON on stdout; text that is not UTF-8 is repaired.
void print_json(const nlohmann::ordered_json& json);

}  // namespace distillar::cli
