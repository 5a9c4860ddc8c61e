#pragma once
#include <filesystem>
#include <vector>

#include "study/durations.hpp"
#include "study/plan.hpp"

namespace distillar::study {

struct Tally {
    std::size_t done = 0;     ///< now, by this start
    std::size_t failed = 0;   ///< each reported in one line when it happened
    std::size_t skipped = 0;  ///< because of a failed one
    bool stopped = false;     ///< by Ctrl-C or SIGTERM; the children were ended
};

/// Runs the waiting jobs, several at once, each as soon as what it comes after is done.
/// @param program  gets each job's arguments: this program, as "/proc/self/exe".
Tally execute(std::vector<Job>& jobs, std::size_t at_once, const std::filesystem::path& program,
              Durations& durations);

/// Seconds until all jobs are done, from those of the same group; negative without any known.
/// @param elapsed  seconds that each running job has taken so far, by index; others: 0.
double time_left(const std::vector<Job>& jobs, const std::vector<double>& elapsed,
                 std::size_t at_once, const Durations& durations);

}  // namespace distillar::study
