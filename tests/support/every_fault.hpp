#pragma once
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <string>

#include "base/error.hpp"
#include "base/file_calls.hpp"

namespace distillar::test {

/// One run of what is tested, with a file call that goes wrong.
struct Attempt {
    base::FileFault::Kind kind;
    std::uint64_t call;
    bool failed;  ///< it threw base::Error; else it did all it has to do

    std::string text() const {
        constexpr const char* names[] = {"no space", "I/O error", "short write", "short read"};
        return std::string(names[static_cast<int>(kind)]) + " at call " + std::to_string(call);
    }
};

/// Runs `act` after `prepare` with its first file call going wrong, its second, ... until one runs
/// through without meeting the fault, for each kind of fault; `check` sees what is left each time.
/// Anything but a base::Error of one line fails the test. The number of faults met.
inline std::uint64_t with_every_fault(const std::function<void()>& prepare,
                                      const std::function<void()>& act,
                                      const std::function<void(const Attempt&)>& check) {
    using Kind = base::FileFault::Kind;
    constexpr std::uint64_t most = 10'000;
    std::uint64_t faults = 0;
    for (const Kind kind : {Kind::no_space, Kind::io_error, Kind::short_write, Kind::short_read}) {
        bool met = true;
        for (std::uint64_t call = 0; met && call < most; ++call) {
            prepare();
            Attempt attempt{kind, call, false};
            {
                const base::FileFault fault(kind, call);
                try {
                    act();
                } catch (const base::Error& error) {
                    attempt.failed = true;
                    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos)
                        << attempt.text() << ": " << error.what();
                } catch (const std::exception& error) {
                    attempt.failed = true;
                    ADD_FAILURE() << attempt.text() << ", no base::Error: " << error.what();
                }
                met = fault.met();
            }
            faults += met ? 1 : 0;
            EXPECT_TRUE(met || !attempt.failed) << attempt.text();
            check(attempt);
        }
        EXPECT_FALSE(met) << "more than " << most << " calls";
    }
    testing::Test::RecordProperty("faults", std::to_string(faults));
    std::printf("  %llu faults\n", static_cast<unsigned long long>(faults));
    return faults;
}

}  // namespace distillar::test
