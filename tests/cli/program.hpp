#pragma once
/// Runs the built program as a user does: its exit code, stdout and stderr.
#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace distillar::test {

struct Outcome {
    int code = -1;  ///< exit code, or 128 + signal
    std::string out;
    std::string err;
};

/// @param meanwhile  called with the process while it runs, to send it signals; may be empty.
Outcome run_program(const std::vector<std::string>& arguments,
                    const std::function<void(pid_t)>& meanwhile = {});

/// Fails the test unless the program ends with this code and one line on stderr that holds all of
/// `parts`.
void expect_one_line_error(const std::vector<std::string>& arguments, int code,
                           const std::vector<std::string>& parts);

}  // namespace distillar::test
