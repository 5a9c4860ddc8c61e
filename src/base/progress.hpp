#pragma once
#include <chrono>
#include <cstdint>
#include <string>

namespace distillar::base {

/// A progress bar with time left on a terminal, a plain line now and then elsewhere, nothing for
/// work under two seconds. Not thread-safe: one thread owns it.
class Progress {
public:
    /// @param done  steps finished by an earlier, interrupted run.
    Progress(std::string label, std::uint64_t total, std::uint64_t done = 0);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// So many more steps turned out to be needed.
    void add_steps(std::uint64_t more);

    /// Counts steps as done; `note` is shown at the end of the line, e.g. "loss 0.71".
    void advance(std::uint64_t steps = 1, const std::string& note = "");

    /// The time left as the caller knows it, where steps are not alike; negative: by the steps done
    /// so far, as at first.
    void set_time_left(double seconds_left) { expected_ = seconds_left; }

    /// Prints a line above the bar, hidden or not.
    void say(const std::string& line);

private:
    using Clock = std::chrono::steady_clock;
    void print(bool last);

    std::string label_;
    std::string note_;
    std::uint64_t total_;
    std::uint64_t started_at_;
    std::uint64_t done_;
    Clock::time_point start_;
    Clock::time_point last_print_;
    double expected_ = -1;
    bool terminal_;
    bool printed_ = false;
};

/// "1:02:03", "4:05": hours, minutes, seconds.
std::string duration_text(double seconds);

/// Silences every progress bar (--quiet).
void hide_progress(bool hide);

}  // namespace distillar::base
