#pragma once
#include <algorithm>
#include <ctime>
#include <vector>

namespace distillar::bench {

/// Processor seconds of all threads together: on a shared machine wall time says little.
inline double processor_seconds() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// The upper of two in the middle; 0 of no values.
inline double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[values.size() / 2];
}

}  // namespace distillar::bench
