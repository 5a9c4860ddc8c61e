#pragma once
#include <cstring>
#include <filesystem>
#include <string_view>

#include "base/error.hpp"

namespace distillar::formats {

/// The bytes of a pickle, taken from the front; errors name file and offset of the operation.
class PickleInput {
public:
    PickleInput(std::string_view bytes, const std::filesystem::path& file)
        : bytes_(bytes), file_(file) {}

    void begin_operation() { start_ = position_; }
    std::size_t position() const { return position_; }
    std::size_t left() const { return bytes_.size() - position_; }

    template <typename... Arguments>
    [[noreturn]] void fail(fmt::format_string<Arguments...> format,
                           Arguments&&... arguments) const {
        base::fail_in(file_, "pickle offset {}: {}", start_,
                      fmt::format(format, std::forward<Arguments>(arguments)...));
    }

    std::string_view take(std::uint64_t size) {
        if (size > left()) {
            fail("needs {} bytes, {} are left; the file is truncated", size, left());
        }
        const auto part = bytes_.substr(position_, static_cast<std::size_t>(size));
        position_ += part.size();
        return part;
    }

    /// A little-endian number.
    template <typename Number>
    Number number() {
        Number value;
        std::memcpy(&value, take(sizeof(Number)).data(), sizeof(Number));
        return value;
    }

    /// A length that the format stores signed.
    std::uint64_t signed_size() {
        const auto size = number<std::int32_t>();
        if (size < 0) {
            fail("a negative length; the file is damaged");
        }
        return static_cast<std::uint64_t>(size);
    }

    /// Up to the next line end, without it.
    std::string_view line() {
        const auto end = bytes_.find('\n', position_);
        if (end == std::string_view::npos) {
            fail("a line without an end; the file is truncated");
        }
        auto part = take(end - position_ + 1);
        part.remove_suffix(1);
        return part;
    }

private:
    std::string_view bytes_;
    const std::filesystem::path& file_;
    std::size_t position_ = 0;
    std::size_t start_ = 0;
};

}  // namespace distillar::formats
