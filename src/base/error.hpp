#pragma once
/// base: errors, logging, progress, thread pool, counter-based random numbers, files, strict YAML.
#include <fmt/format.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>

namespace distillar::base {

/// What a user did or a file holds that cannot work. One line: what, where (file, offset, key), and
/// what to do. Names and values in it are anybody's: control characters become spaces, and of more
/// than 2000 bytes the middle is left out. Broken invariants of the program itself assert instead.
class Error : public std::runtime_error {
public:
    explicit Error(const std::string& message);
};

/// Throws Error with a formatted one-line message.
template <typename... Arguments>
[[noreturn]] void fail(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    throw Error(fmt::format(format, std::forward<Arguments>(arguments)...));
}

/// Throws Error about a file: "PATH: message".
template <typename... Arguments>
[[noreturn]] void fail_in(const std::filesystem::path& file,
                          fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    throw Error(file.string() + ": " + fmt::format(format, std::forward<Arguments>(arguments)...));
}

}  // namespace distillar::base
