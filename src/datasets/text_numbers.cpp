#include "datasets/text_numbers.hpp"

#include <charconv>
#include <cmath>

#include "base/error.hpp"

namespace distillar::datasets {

namespace {

constexpr std::string_view blanks = " \t\r";

double finite_number(std::string_view word, const std::string& where) {
    constexpr std::size_t longest_shown = 60;
    double value = 0;
    const auto [stop, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc{} || stop != word.data() + word.size() || !std::isfinite(value)) {
        base::fail("{}: '{}' is not a finite number; correct it", where,
                   word.substr(0, longest_shown));
    }
    return value;
}

}  // namespace

void for_filled_lines(std::string_view text,
                      const std::function<void(std::size_t, std::string_view)>& use) {
    std::size_t number = 0;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        ++number;
        if (line.find_first_not_of(blanks) != std::string_view::npos) {
            use(number, line);
        }
    }
}

std::vector<double> finite_numbers(std::string_view line, const std::string& where) {
    std::vector<double> numbers;
    while (true) {
        line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
        if (line.empty()) {
            return numbers;
        }
        const std::string_view word = line.substr(0, line.find_first_of(blanks));
        numbers.push_back(finite_number(word, where));
        line.remove_prefix(word.size());
    }
}

}  // namespace distillar::datasets
