#include "study/run_study.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/folder_lock.hpp"
#include "base/progress.hpp"
#include "base/shell_word.hpp"
#include "study/execute.hpp"
#include "study/results.hpp"

namespace distillar::study {

namespace {

namespace fs = std::filesystem;

/// One study at a time in a folder. Children inherit the lock: it also holds while those of a
/// study that was killed are still at work.
void require_alone(const base::FolderLock& lock, const fs::path& out) {
    if (!lock.held()) {
        base::fail_in(out,
                      "another study, or a job that one left behind, works here; wait for its end");
    }
}

/// Runs are compared with what their configs hold, paths and all: "a/../runs/x/" is
/// "/home/me/runs/x".
fs::path one_spelling(const fs::path& folder) {
    const fs::path whole = fs::weakly_canonical(fs::absolute(folder));
    return whole.has_filename() ? whole : whole.parent_path();
}

std::string command_line(const Job& job) {
    std::string line = "distillar";
    for (const auto& word : job.arguments) {
        line += ' ';
        line += base::shell_word(word);
    }
    return line;
}

void list(const std::vector<Job>& jobs, std::size_t at_once, const Durations& durations) {
    std::size_t waiting = 0;
    for (const auto& job : jobs) {
        if (job.state != Job::State::skipped) {
            const bool done = job.state == Job::State::done;
            waiting += done ? 0 : 1;
            fmt::print("{}  {}\n        {}\n", done ? "done" : "todo", job.name, command_line(job));
        }
    }
    const double left = time_left(jobs, std::vector<double>(jobs.size(), 0), at_once, durations);
    fmt::print("jobs to do: {}{}\n", waiting,
               left > 0 ? fmt::format(", about {}", base::duration_text(left)) : std::string());
}

}  // namespace

void run_study(const StudyOptions& options, const std::function<void()>& started) {
    const fs::path out = one_spelling(options.out);
    Study study = load_study(options.study, out);
    if (!options.seeds.empty()) {
        study.seeds = options.seeds;
    }
    Plan plan = make_plan(study, out, options.only);
    Durations durations(out / "durations.json");
    if (options.dry_run) {
        list(plan.jobs, study.jobs, durations);
        return;
    }
    const base::FolderLock lock(out, true);
    require_alone(lock, out);
    started();
    base::write_file(out / "study.yaml", base::read_text(options.study));
    const Tally tally = execute(plan.jobs, study.jobs, options.program, durations);

    const Results results = gather(study, plan);
    write_results(study, plan, results, durations, out);
    write_report(study, plan, results, durations, out);
    if (tally.stopped) {
        base::fail("stopped; the same command goes on where it was");
    }
    fmt::print("{}jobs done: {}; {}\n", terminal_table(results), tally.done,
               (out / "report.html").string());
    if (tally.failed > 0) {
        base::fail(
            "jobs that failed: {}, skipped because of them: {}; mend the cause and give the "
            "same command again",
            tally.failed, tally.skipped);
    }
}

}  // namespace distillar::study
