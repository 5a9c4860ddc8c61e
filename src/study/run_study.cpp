#include "study/run_study.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/progress.hpp"
#include "study/execute.hpp"
#include "study/results.hpp"

namespace distillar::study {

namespace {

namespace fs = std::filesystem;

/// One study at a time in a folder. Children inherit the lock: it also holds while those of a
/// study that was killed are still at work.
class Lock {
public:
    explicit Lock(const fs::path& out) {
        std::error_code error;
        fs::create_directories(out, error);
        const fs::path file = out / "study.lock";
        file_ = open(file.c_str(), O_RDWR | O_CREAT, 0644);
        if (file_ < 0) {
            base::fail_in(out, "cannot be made or written; check the path and its permissions");
        }
        if (flock(file_, LOCK_EX | LOCK_NB) != 0) {
            close(file_);
            base::fail_in(out,
                          "another study, or a job that one left behind, works here; wait for "
                          "its end");
        }
    }
    ~Lock() { close(file_); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

private:
    int file_ = -1;
};

/// The word as a shell takes it.
std::string shell_word(const std::string& word) {
    const bool plain = word.find_first_not_of(
                           "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                           "0123456789_-+=:,./") == std::string::npos;
    if (plain && !word.empty()) {
        return word;
    }
    std::string quoted(1, '\'');
    for (const char letter : word) {
        if (letter == '\'') {
            quoted += "'\\'";
        }
        quoted += letter;
    }
    quoted += '\'';
    return quoted;
}

std::string command_line(const Job& job) {
    std::string line = "distillar";
    for (const auto& word : job.arguments) {
        line += ' ';
        line += shell_word(word);
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
    Study study = load_study(options.study, options.out, options.stages);
    if (!options.seeds.empty()) {
        study.seeds = options.seeds;
    }
    Plan plan = make_plan(study, options.out, options.only);
    Durations durations(options.out / "durations.json");
    if (options.dry_run) {
        list(plan.jobs, study.jobs, durations);
        return;
    }
    const Lock lock(options.out);
    started();
    base::write_file(options.out / "study.yaml", base::read_text(options.study));
    const Tally tally = execute(plan.jobs, study.jobs, options.program, durations);

    const Results results = gather(study, plan);
    write_results(study, plan, results, durations, options.out);
    write_report(study, plan, results, durations, options.out);
    if (tally.stopped) {
        base::fail("stopped; the same command goes on where it was");
    }
    fmt::print("{}jobs done: {}; {}\n", terminal_table(results), tally.done,
               (options.out / "report.html").string());
    if (tally.failed > 0) {
        base::fail(
            "jobs that failed: {}, skipped because of them: {}; mend the cause and give the "
            "same command again",
            tally.failed, tally.skipped);
    }
}

}  // namespace distillar::study
