#include "base/progress.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <thread>

namespace distillar::base {
namespace {

/// Points stderr at a terminal of our own while it lives.
class Terminal {
public:
    Terminal() : before_(dup(STDERR_FILENO)), master_(posix_openpt(O_RDWR | O_NOCTTY)) {
        if (master_ < 0 || grantpt(master_) != 0 || unlockpt(master_) != 0) {
            return;
        }
        const int terminal = open(ptsname(master_), O_RDWR | O_NOCTTY);
        ready_ = terminal >= 0 && dup2(terminal, STDERR_FILENO) >= 0;
        close(terminal);
    }
    ~Terminal() {
        dup2(before_, STDERR_FILENO);
        close(before_);
        close(master_);
    }

    bool ready() const { return ready_; }

    /// What has been printed since the last call. The kernel hands it over piece by piece, soon.
    std::string text() const {
        std::string result;
        std::array<char, 4096> piece{};
        pollfd wait{master_, POLLIN, 0};
        while (poll(&wait, 1, 50) > 0) {
            const ssize_t size = read(master_, piece.data(), piece.size());
            if (size <= 0) {
                break;
            }
            result.append(piece.data(), static_cast<std::size_t>(size));
        }
        return result;
    }

private:
    int before_;
    int master_;
    bool ready_ = false;
};

TEST(Progress, ShortWorkPrintsNothing) {
    testing::internal::CaptureStderr();
    {
        Progress progress("reading", 1000);
        for (int i = 0; i < 1000; ++i) {
            progress.advance();
        }
    }
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(Progress, LongWorkShowsABarOnATerminalUnlessHidden) {
    std::string shown;
    std::string hidden, expected;
    {
        const Terminal terminal;
        if (!terminal.ready()) {
            GTEST_SKIP() << "no pseudo-terminal here";
        }
        Progress quiet("quiet", 10);
        Progress progress("distil", 6, 2);
        progress.add_steps(4);
        std::this_thread::sleep_for(std::chrono::milliseconds(2100));
        hide_progress(true);
        quiet.advance();
        hide_progress(false);
        hidden = terminal.text();
        {
            Progress done("done", 10);
            Progress inner("inner", 0);
            progress.advance(3, "loss 0.71");
        }
        shown = terminal.text();
        progress.set_time_left(70);
        progress.say("one job failed");
        hide_progress(true);
        progress.say("another");
        hide_progress(false);
        expected = terminal.text();
    }
    EXPECT_EQ(hidden, "");
    EXPECT_NE(shown.find("distil [############............] 5/10"), std::string::npos) << shown;
    EXPECT_NE(shown.find(" left  loss 0.71"), std::string::npos) << shown;
    // 3 of 8 steps took two seconds: the other 5 take 3.5.
    EXPECT_NE(shown.find("0:03 left"), std::string::npos) << shown;
    EXPECT_EQ(shown.find("done"), std::string::npos) << shown;
    EXPECT_NE(expected.find("one job failed\r\n"), std::string::npos) << expected;
    EXPECT_NE(expected.find("another\r\n"), std::string::npos) << "hidden or not";
    EXPECT_NE(expected.find("5/10 1:10 left"), std::string::npos) << expected;
}

TEST(Progress, TimesAreShort) {
    EXPECT_EQ(duration_text(0.9), "0:00");
    EXPECT_EQ(duration_text(75), "1:15");
    EXPECT_EQ(duration_text(3723), "1:02:03");
    EXPECT_EQ(duration_text(-5), "0:00");
}

}  // namespace
}  // namespace distillar::base
