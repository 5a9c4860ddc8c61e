#include "formats/text_lines.hpp"

#include <charconv>

#include "base/error.hpp"
#include "formats/records.hpp"

namespace distillar::formats {

namespace {

constexpr std::string_view blanks = " \t\r\v\f";

template <typename T>
std::optional<T> parse_whole(std::string_view word) {
    T value{};
    const char* end = word.data() + word.size();
    const auto [stop, error] = std::from_chars(word.data(), end, value);
    return error == std::errc{} && stop == end ? std::optional(value) : std::nullopt;
}

}  // namespace

std::optional<std::string_view> Lines::next() {
    if (offset_ == text_.size()) {
        return std::nullopt;
    }
    const std::size_t end = std::min(text_.find('\n', offset_), text_.size());
    std::string_view line = text_.substr(offset_, end - offset_);
    offset_ = std::min(end + 1, text_.size());
    ++number_;
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    return line;
}

std::optional<std::string_view> Lines::next_filled() {
    while (const auto line = next()) {
        if (line->find_first_not_of(blanks) != std::string_view::npos) {
            return line;
        }
    }
    return std::nullopt;
}

std::string_view take_word(std::string_view& line) {
    line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
    const std::string_view word = line.substr(0, line.find_first_of(blanks));
    line.remove_prefix(word.size());
    return word;
}

double take_number(std::string_view& line, Number type, const std::filesystem::path& file,
                   std::size_t line_number) {
    const std::string_view word = take_word(line);
    std::string_view digits = word;
    if (digits.starts_with('+') && !digits.starts_with("+-")) {
        digits.remove_prefix(1);
    }
    if (type == Number::f32) {
        if (const auto value = parse_whole<float>(digits)) {
            return *value;
        }
    }
    const auto value = parse_whole<double>(digits);
    if (!value) {
        if (word.empty()) {
            base::fail_in(file, "line {}: has too few values; complete it or remove it",
                          line_number);
        }
        base::fail_in(file, "line {}: '{}' is not a number; correct it", line_number,
                      printable(word));
    }
    return type == Number::f32 ? static_cast<double>(static_cast<float>(*value)) : *value;
}

void expect_end(std::string_view line, const std::filesystem::path& file, std::size_t line_number) {
    const std::string_view word = take_word(line);
    if (!word.empty()) {
        base::fail_in(file, "line {}: '{}' is one value too many; check the header's fields",
                      line_number, printable(word));
    }
}

std::uint64_t parse_count(std::string_view word, const std::filesystem::path& file,
                          std::size_t line_number, std::string_view what) {
    const auto value = parse_whole<std::uint64_t>(word);
    if (!value) {
        base::fail_in(file, "line {}: {} '{}' is not a whole number >= 0; correct it", line_number,
                      what, printable(word));
    }
    return *value;
}

}  // namespace distillar::formats
