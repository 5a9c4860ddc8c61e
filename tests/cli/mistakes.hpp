#pragma once
/// What people get wrong, and what they are told. One table, read from top to bottom.
#include <string>
#include <vector>

namespace distillar::test {

struct Mistake {
    std::string what;
    std::string command;            ///< words; @ is the folder of the test
    std::vector<std::string> says;  ///< parts of the one line
    /// Before the command this file below the folder is written: that of the base texts which it is
    /// named after, with `from` replaced by `to`.
    std::string file = {};
    std::string from = {};
    std::string to = {};
    int code = 2;
    bool warning = false;  ///< it is done, with a warning of one line
};

/// The texts without a mistake, with @ for the folder.
std::string base_text(const std::string& file);

std::vector<Mistake> all_mistakes();

}  // namespace distillar::test
