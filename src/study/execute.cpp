#include "study/execute.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>

#include "base/progress.hpp"
#include "base/text.hpp"
#include "study/process.hpp"

namespace distillar::study {

namespace {

using Clock = std::chrono::steady_clock;
using State = Job::State;

/// The last line with something on it: what a program that failed had to say.
std::string last_line(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::string last;
    for (std::string line; std::getline(in, line);) {
        last = base::trim(line).empty() ? last : line;
    }
    return base::one_line(last);
}

class Execution {
public:
    Execution(std::vector<Job>& jobs, std::size_t at_once, std::filesystem::path program,
              Durations& durations)
        : jobs_(jobs),
          at_once_(at_once),
          program_(std::move(program)),
          durations_(durations),
          progress_("study", count(State::waiting) + count(State::done), count(State::done)) {}

    Tally run() {
        show();
        while (start_what_can() || !running_.empty()) {
            tally_.stopped = signals_.wait(std::chrono::milliseconds(500));
            if (tally_.stopped) {
                running_.clear();  // ends the children
                return tally_;
            }
            collect();
            show();
        }
        return tally_;
    }

private:
    struct Running {
        Running(const std::filesystem::path& program, const Job& job)
            : process(program, job.arguments, job.log) {}

        Process process;
        Clock::time_point start = Clock::now();

        double seconds() const {
            return std::chrono::duration<double>(Clock::now() - start).count();
        }
    };

    std::uint64_t count(State state) const {
        return static_cast<std::uint64_t>(std::count_if(
            jobs_.begin(), jobs_.end(), [&](const Job& job) { return job.state == state; }));
    }

    bool ready(const Job& job) const {
        return job.state == State::waiting &&
               std::all_of(job.after.begin(), job.after.end(),
                           [&](std::size_t before) { return jobs_[before].state == State::done; });
    }

    bool start_what_can() {
        for (std::size_t i = 0; i < jobs_.size() && running_.size() < at_once_; ++i) {
            Job& job = jobs_[i];
            if (ready(job)) {
                job.state = State::running;
                running_[i] = std::make_unique<Running>(program_, job);
            }
        }
        return !running_.empty();
    }

    void collect() {
        std::erase_if(running_, [&](auto& entry) {
            const auto end = entry.second->process.ended();
            if (end) {
                finish(jobs_[entry.first], entry.second->seconds(), *end);
            }
            return end.has_value();
        });
    }

    void finish(Job& job, double seconds, const std::string& trouble) {
        job.state = trouble.empty() ? State::done : State::failed;
        if (trouble.empty()) {
            ++tally_.done;
            durations_.add(job.name, job.group, seconds);
            return progress_.advance();
        }
        ++tally_.failed;
        const auto words = last_line(job.log);
        progress_.say(fmt::format("failed: {} ({}): {} [{}]", job.name, trouble,
                                  words.empty() ? "it said nothing" : words, job.log.string()));
        skip_dependants();
    }

    void skip_dependants() {
        for (Job& job : jobs_) {  // what a job needs stands before it
            const bool hopeless =
                std::any_of(job.after.begin(), job.after.end(), [&](std::size_t before) {
                    return jobs_[before].state == State::failed ||
                           jobs_[before].state == State::skipped;
                });
            if (job.state == State::waiting && hopeless) {
                job.state = State::skipped;
                ++tally_.skipped;
            }
        }
    }

    void show() {
        std::vector<double> elapsed(jobs_.size(), 0);
        std::vector<std::string> names;
        for (const auto& [index, running] : running_) {
            elapsed[index] = running->seconds();
            names.push_back(jobs_[index].name);
        }
        progress_.set_time_left(time_left(jobs_, elapsed, at_once_, durations_));
        progress_.advance(0, base::join(names));
    }

    std::vector<Job>& jobs_;
    std::size_t at_once_;
    std::filesystem::path program_;
    Durations& durations_;
    base::Progress progress_;
    Signals signals_;
    std::map<std::size_t, std::unique_ptr<Running>> running_;
    Tally tally_;
};

}  // namespace

Tally execute(std::vector<Job>& jobs, std::size_t at_once, const std::filesystem::path& program,
              Durations& durations) {
    return Execution(jobs, at_once, program, durations).run();
}

double time_left(const std::vector<Job>& jobs, const std::vector<double>& elapsed,
                 std::size_t at_once, const Durations& durations) {
    double work = 0;
    double longest = 0;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        if (jobs[i].state != State::waiting && jobs[i].state != State::running) {
            continue;
        }
        const auto expected = durations.expected(jobs[i].group);
        if (!expected) {
            return -1;
        }
        const double rest = std::max(0.0, *expected - elapsed[i]);
        work += rest;
        longest = std::max(longest, rest);
    }
    return std::max(longest, work / static_cast<double>(std::max<std::size_t>(1, at_once)));
}

}  // namespace distillar::study
