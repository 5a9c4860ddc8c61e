#pragma once
#include <stdexcept>
#include <string>

namespace distillar::base {

/// Thrown where work ends because the user asked for it. What is done is kept; what() says how far
/// it came, in one line. No Error: the program ends well.
class Stopped : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// From now on Ctrl-C and SIGTERM request a stop at the next good moment; a second one ends the
/// process at once, with the exit code 128 + signal. For commands that look for requests;
/// called on the main thread, which is the one that signals reach.
void install_stop_handlers();

bool stop_requested();

/// @throws Stopped if a stop is requested.
void stop_if_requested(const std::string& how_far);

}  // namespace distillar::base
