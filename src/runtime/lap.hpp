#pragma once
#include <chrono>

namespace distillar::runtime {

/// Seconds since it was last asked, or made.
class Lap {
public:
    double seconds() {
        const auto now = std::chrono::steady_clock::now();
        const std::chrono::duration<double> passed = now - last_;
        last_ = now;
        return passed.count();
    }

private:
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace distillar::runtime
