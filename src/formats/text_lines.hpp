#pragma once
/// Private to formats: lines and words of the text parts of PCD and PLY files.
#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>

#include "formats/cloud_fields.hpp"

namespace distillar::formats {

/// Walks through lines ended by \n or \r\n.
class Lines {
public:
    explicit Lines(std::span<const std::byte> bytes)
        : text_(reinterpret_cast<const char*>(bytes.data()), bytes.size()) {}

    /// The next line without its end, or nothing at the end of the file.
    std::optional<std::string_view> next();
    /// The next line that is not blank.
    std::optional<std::string_view> next_filled();

    std::size_t number() const { return number_; }  ///< of the last line, from 1
    std::size_t offset() const { return offset_; }  ///< of the byte behind it
    std::size_t remaining() const { return text_.size() - offset_; }

private:
    std::string_view text_;
    std::size_t offset_ = 0;
    std::size_t number_ = 0;
};

/// Takes the first word (between blanks) off `line`; empty if there is none.
std::string_view take_word(std::string_view& line);

/// Takes a word that must be a number, rounded once to `type` if that is float32.
/// @throws base::Error naming the line.
double take_number(std::string_view& line, Number type, const std::filesystem::path& file,
                   std::size_t line_number);

/// @throws base::Error naming the line if a word is left.
void expect_end(std::string_view line, const std::filesystem::path& file, std::size_t line_number);

/// A whole number >= 0 of a header. @throws base::Error naming the line and `what`.
std::uint64_t parse_count(std::string_view word, const std::filesystem::path& file,
                          std::size_t line_number, std::string_view what);

}  // namespace distillar::formats
