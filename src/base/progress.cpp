#include "base/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace distillar::base {

namespace {

bool hidden = false;

}  // namespace

std::string duration_text(double seconds) {
    const auto whole = static_cast<long>(std::max(0.0, seconds));
    return whole >= 3600 ? fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60)
                         : fmt::format("{}:{:02}", whole / 60, whole % 60);
}

void hide_progress(bool hide) {
    hidden = hide;
}

Progress::Progress(std::string label, std::uint64_t total, std::uint64_t done)
    : label_(std::move(label)),
      total_(total),
      started_at_(done),
      done_(done),
      start_(Clock::now()),
      last_print_(start_),
      terminal_(isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() {
    if (printed_) {
        print(true);
    }
}

void Progress::add_steps(std::uint64_t more) {
    total_ += more;
}

void Progress::advance(std::uint64_t steps, const std::string& note) {
    done_ += steps;
    note_ = note;
    const auto now = Clock::now();
    const auto interval =
        terminal_ ? std::chrono::milliseconds(200) : std::chrono::milliseconds(15000);
    if (now - start_ > std::chrono::seconds(2) && now - last_print_ > interval) {
        last_print_ = now;
        print(false);
    }
}

void Progress::say(const std::string& line) {
    fmt::print(stderr, "{}{}\n", terminal_ && printed_ ? "\r\033[K" : "", line);
    if (terminal_ && printed_) {
        print(false);
    }
}

void Progress::print(bool last) {
    if (hidden) {
        return;
    }
    printed_ = true;
    const double elapsed = std::chrono::duration<double>(Clock::now() - start_).count();
    const double fresh = static_cast<double>(done_ - started_at_);
    const double by_steps =
        fresh > 0 ? elapsed / fresh * static_cast<double>(total_ - std::min(total_, done_)) : -1;
    const double left = expected_ >= 0 ? expected_ : by_steps;
    std::string line = fmt::format("{} {}/{}", label_, done_, total_);
    if (terminal_) {
        const auto filled =
            static_cast<std::size_t>(total_ > 0 ? 24 * std::min(done_, total_) / total_ : 24);
        line = fmt::format("{} [{}{}] {}/{}", label_, std::string(filled, '#'),
                           std::string(24 - filled, '.'), done_, total_);
    }
    if (last) {
        line += fmt::format(" in {}", duration_text(elapsed));
    } else if (left >= 0) {
        line += fmt::format(" {} left", duration_text(left));
    }
    if (!note_.empty()) {
        line += "  " + note_;
    }
    fmt::print(stderr, "{}{}{}", terminal_ ? "\r\033[K" : "", line, terminal_ && !last ? "" : "\n");
    std::fflush(stderr);
}

}  // namespace distillar::base
