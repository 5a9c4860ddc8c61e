#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "study/study.hpp"

namespace distillar::study {

/// One run of this program.
struct Job {
    enum class State { waiting, running, done, failed, skipped };

    std::string name;   ///< "frozen-mlp/city-a64-to-b64/seed-0"
    std::string group;  ///< jobs of one group take about as long
    std::vector<std::string> arguments;
    std::filesystem::path log;
    std::vector<std::size_t> after;  ///< jobs that must be done before
    State state = State::waiting;
    bool stale = false;  ///< what is there was made by another form of the study
};

/// A training of the grid.
struct Run {
    std::string recipe;
    std::string of;  ///< its setting, or its source, or "": what it is shared by
    std::uint64_t seed = 0;
    std::filesystem::path folder;
};

/// A test of a run.
struct Result {
    std::string recipe;
    std::string setting;
    std::string test;
    std::uint64_t seed = 0;
    std::filesystem::path run;  ///< its folder
    std::filesystem::path json;
    std::filesystem::path report;  ///< of the first seed; "" = none
};

struct Plan {
    std::vector<Job> jobs;  ///< in the order in which they are begun where possible
    std::vector<Run> runs;
    std::vector<Result> results;
};

/// Expands a study into jobs; what an earlier start has finished is done. All that can be known to
/// be wrong before the first job is an error: configs, overrides, settings without a reader, data.
/// @param only  names of jobs must hold this text, or be needed by such; "" = all.
/// @throws base::Error naming all folders that hold runs of another form of the study, too.
Plan make_plan(const Study& study, const std::filesystem::path& out, const std::string& only);

}  // namespace distillar::study
