#pragma once
/// Text encodings of the older pickle protocols.
#include <optional>
#include <string>
#include <string_view>

namespace distillar::formats {

/// Appends one code point as UTF-8. Surrogates and values above 0x10FFFF become U+FFFD.
void append_utf8(std::string& out, std::uint32_t code_point);

/// A Python string literal in quotes, as STRING has it: 'it\'s \x41\n'. Empty if malformed.
std::optional<std::string> decode_string_literal(std::string_view literal);

/// UNICODE's raw-unicode-escape: Latin-1 bytes with \uXXXX and \UXXXXXXXX. Empty if malformed.
std::optional<std::string> decode_raw_unicode(std::string_view line);

/// UTF-8 whose code points are all below 256, as bytes: what _codecs.encode(text, "latin1") gives.
std::optional<std::string> utf8_to_latin1(std::string_view text);

}  // namespace distillar::formats
