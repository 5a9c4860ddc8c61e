#include "base/error.hpp"

#include "base/text.hpp"

namespace distillar::base {

namespace {

/// At most 2000 bytes: where it is and what to do stand at the ends.
std::string shortened(const std::string& text) {
    constexpr std::size_t longest = 2000, kept_begin = 1400, kept_end = 500;
    return text.size() <= longest
               ? text
               : text.substr(0, kept_begin) + " ... " + text.substr(text.size() - kept_end);
}

}  // namespace

Error::Error(const std::string& message) : std::runtime_error(shortened(one_line(message))) {}

}  // namespace distillar::base
