#pragma once
#include <stdexcept>
#include <string>

namespace distillar::base {

/// Thrown where work ends because the user wishes so. What is done is kept; what() says how far it
/// came, in one line. No Error: the program ends well.
class Stopped : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// From now on Ctrl-C and SIGTERM are a wish to stop at the next good moment; a second one ends the
/// process at once, with the exit code 128 + signal. For commands that ask.
void heed_stop_signals();

bool stop_wished();

/// @throws Stopped if that is wished.
void stop_if_wished(const std::string& how_far);

}  // namespace distillar::base
