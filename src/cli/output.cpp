#include "cli/output.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace distillar::cli {

std::string with_commas(std::uint64_t number) {
    const std::string digits = std::to_string(number);
    std::string text;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0) {
            text += ',';
        }
        text += digits[i];
    }
    return text;
}

void print_row(std::string_view name, std::string_view value) {
    fmt::print("{:<16}{}\n", name, value);
}

void print_json(const nlohmann::ordered_json& json) {
    fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

}  // namespace distillar::cli
