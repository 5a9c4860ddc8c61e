#include "base/stop.hpp"

#include <unistd.h>

#include <csignal>
#include <ctime>
#include <string_view>

namespace distillar::base {

namespace {

/// A terminal's Ctrl-C goes to a study and to its jobs, and the study then asks its jobs, too: what
/// comes so soon after the first is the same wish.
constexpr std::time_t same_wish = 1;  // seconds

volatile std::sig_atomic_t wished = 0;
timespec wished_at{};

timespec now() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time;
}

void note(int signal) {
    if (wished != 0) {
        if (now().tv_sec - wished_at.tv_sec > same_wish) {
            _exit(128 + signal);
        }
        return;
    }
    wished_at = now();
    wished = 1;
    constexpr std::string_view text{"\nstopping at the next good moment; once more: at once\n"};
    [[maybe_unused]] const auto written = write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace

void heed_stop_signals() {
    struct sigaction action {};
    action.sa_handler = note;
    action.sa_flags = SA_RESTART;
    for (const int signal : {SIGINT, SIGTERM}) {
        sigaction(signal, &action, nullptr);
    }
}

bool stop_wished() {
    return wished != 0;
}

void stop_if_wished(const std::string& how_far) {
    if (stop_wished()) {
        throw Stopped(how_far);
    }
}

}  // namespace distillar::base
