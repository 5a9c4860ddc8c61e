#pragma once
#include <sys/types.h>

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace distillar::study {

/// While one lives (one at a time), Ctrl-C and SIGTERM are noted instead of acted upon, and a
/// child's end wakes wait(). By handlers: threads of libraries do not block signals.
class Signals {
public:
    Signals();
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

    /// Waits for one of them, at most so long. @return true if the user wants to stop.
    bool wait(std::chrono::milliseconds time) const;

private:
    std::array<int, 2> pipe_{-1, -1};
    std::array<struct sigaction, 3> before_{};
};

/// A program at work, its output in a file. Ended and waited for at the latest when this dies.
class Process {
public:
    /// @param log  gets stdout and stderr; its folder is made.
    /// @throws base::Error if the program cannot be started.
    Process(const std::filesystem::path& program, const std::vector<std::string>& arguments,
            const std::filesystem::path& log);
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    /// How it ended: "" well, else "exit code 2" or "signal 9 (Killed)"; empty while it runs.
    std::optional<std::string> ended();
    /// Asks it to end.
    void stop() const;

private:
    pid_t id_ = 0;
    bool reaped_ = false;
};

}  // namespace distillar::study
