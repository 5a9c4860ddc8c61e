#include "formats/pickle_text.hpp"

#include <charconv>

namespace distillar::formats {

namespace {

/// The hexadecimal number of exactly `digits` digits at `begin`.
std::optional<std::uint32_t> hexadecimal(std::string_view text, std::size_t begin,
                                         std::size_t digits) {
    if (begin > text.size() || text.size() - begin < digits) {
        return std::nullopt;
    }
    std::uint32_t value = 0;
    const char* first = text.data() + begin;
    const auto [end, error] = std::from_chars(first, first + digits, value, 16);
    if (error != std::errc{} || end != first + digits) {
        return std::nullopt;
    }
    return value;
}

/// The character a one-letter escape stands for, or 0.
char simple_escape(char letter) {
    switch (letter) {
        case '\\':
        case '\'':
        case '"':
            return letter;
        case 'n':
            return '\n';
        case 'r':
            return '\r';
        case 't':
            return '\t';
        case 'a':
            return '\a';
        case 'b':
            return '\b';
        case 'f':
            return '\f';
        case 'v':
            return '\v';
        default:
            return 0;
    }
}

}  // namespace

void append_utf8(std::string& out, std::uint32_t code_point) {
    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point < 0xE000)) {
        code_point = 0xFFFD;
    }
    const auto tail = [&](unsigned shift) {
        out += static_cast<char>(0x80 | ((code_point >> shift) & 0x3F));
    };
    if (code_point < 0x80) {
        out += static_cast<char>(code_point);
    } else if (code_point < 0x800) {
        out += static_cast<char>(0xC0 | (code_point >> 6));
        tail(0);
    } else if (code_point < 0x10000) {
        out += static_cast<char>(0xE0 | (code_point >> 12));
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xF0 | (code_point >> 18));
        tail(12);
        tail(6);
        tail(0);
    }
}

std::optional<std::string> decode_string_literal(std::string_view literal) {
    const bool quoted = literal.size() >= 2 && literal.front() == literal.back() &&
                        (literal.front() == '\'' || literal.front() == '"');
    if (!quoted) {
        return std::nullopt;
    }
    const std::string_view body = literal.substr(1, literal.size() - 2);
    std::string text;
    for (std::size_t i = 0; i < body.size(); ++i) {
        if (body[i] != '\\') {
            text += body[i];
        } else if (++i == body.size()) {
            return std::nullopt;
        } else if (body[i] == 'x') {
            const auto value = hexadecimal(body, i + 1, 2);
            if (!value) {
                return std::nullopt;
            }
            text += static_cast<char>(*value);
            i += 2;
        } else if (const char escaped = simple_escape(body[i]); escaped != 0) {
            text += escaped;
        } else {
            return std::nullopt;
        }
    }
    return text;
}

std::optional<std::string> decode_raw_unicode(std::string_view line) {
    std::string text;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const bool escape =
            line[i] == '\\' && i + 1 < line.size() && (line[i + 1] == 'u' || line[i + 1] == 'U');
        if (!escape) {
            append_utf8(text, static_cast<unsigned char>(line[i]));
            continue;
        }
        const std::size_t digits = line[i + 1] == 'u' ? 4 : 8;
        const auto value = hexadecimal(line, i + 2, digits);
        if (!value) {
            return std::nullopt;
        }
        append_utf8(text, *value);
        i += 1 + digits;
    }
    return text;
}

std::optional<std::string> utf8_to_latin1(std::string_view text) {
    std::string bytes;
    bytes.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto lead = static_cast<unsigned char>(text[i]);
        if (lead < 0x80) {
            bytes += text[i];
            continue;
        }
        const bool pair = (lead == 0xC2 || lead == 0xC3) && i + 1 < text.size() &&
                          (static_cast<unsigned char>(text[i + 1]) & 0xC0) == 0x80;
        if (!pair) {
            return std::nullopt;
        }
        const auto tail = static_cast<unsigned char>(text[++i]);
        bytes += static_cast<char>(((lead & 0x03) << 6) | (tail & 0x3F));
    }
    return bytes;
}

}  // namespace distillar::formats
