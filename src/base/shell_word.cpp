#include "base/shell_word.hpp"

namespace distillar::base {

std::string shell_word(const std::string& word) {
    const bool plain = word.find_first_not_of(
                           "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                           "0123456789_-+=:,./") == std::string::npos;
    if (plain && !word.empty()) {
        return word;
    }
    std::string quoted(1, '\'');
    for (const char letter : word) {
        if (letter == '\'') {
            quoted += "'\\'";
        }
        quoted += letter;
    }
    quoted += '\'';
    return quoted;
}

}  // namespace distillar::base
