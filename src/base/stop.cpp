#include "base/stop.hpp"

#include <unistd.h>

#include <array>
#include <csignal>
#include <cstddef>
#include <ctime>
#include <string_view>

namespace distillar::base {

namespace {

/// A terminal's Ctrl-C goes to a study and to its jobs, and the study then asks its jobs, too: what
/// comes so soon after the first is the same request.
constexpr std::time_t same_request = 1;  // seconds

volatile std::sig_atomic_t requested = 0;
timespec requested_at{};

timespec now() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time;
}

void note(int signal) {
    if (requested != 0) {
        if (now().tv_sec - requested_at.tv_sec > same_request) {
            _exit(128 + signal);
        }
        return;
    }
    requested_at = now();
    requested = 1;
    constexpr std::string_view text{"\nstopping at the next good moment; once more: at once\n"};
    [[maybe_unused]] const auto written = write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace

void install_stop_handlers() {
    // oneDNN's generated products point the stack register into the heap (before 3.12, its issue
    // 4845): a handler on the thread's own stack would overwrite what lies there.
    static std::array<std::byte, 1 << 16> handler_stack;
    const stack_t stack{handler_stack.data(), 0, handler_stack.size()};
    sigaltstack(&stack, nullptr);
    struct sigaction action {};
    action.sa_handler = note;
    action.sa_flags = SA_RESTART | SA_ONSTACK;
    for (const int signal : {SIGINT, SIGTERM}) {
        sigaction(signal, &action, nullptr);
    }
}

bool stop_requested() {
    return requested != 0;
}

void stop_if_requested(const std::string& how_far) {
    if (stop_requested()) {
        throw Stopped(how_far);
    }
}

}  // namespace distillar::base
