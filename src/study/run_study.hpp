#pragma once
#include <functional>

#include "study/plan.hpp"

namespace distillar::study {

struct StudyOptions {
    std::filesystem::path study;  ///< YAML: docs/study.md
    std::filesystem::path out;
    std::vector<std::uint64_t> seeds;  ///< empty: the study's
    std::string only;
    bool dry_run = false;
    std::filesystem::path program = "/proc/self/exe";  ///< that runs the jobs
};

/// Runs a study, or goes on with it: jobs, then results.md, results.json and report.html of what is
/// there. A dry run lists the jobs on stdout and touches nothing.
/// @param started  called once everything that the study names has been found to fit.
/// @throws base::Error before `started` for mistakes; after it if a job failed or the user stopped.
void run_study(const StudyOptions& options, const std::function<void()>& started);

}  // namespace distillar::study
