#include "study/execute.hpp"

#include <gtest/gtest.h>
#include <sys/types.h>
#include <unistd.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "support/data.hpp"

namespace distillar::study {
namespace {

using State = Job::State;

/// Jobs of a shell, so that they can do anything.
class Execute : public testing::Test {
protected:
    std::size_t add(const std::string& name, const std::string& script,
                    std::vector<std::size_t> after = {}) {
        Job job;
        job.name = name;
        job.group = name.substr(0, 1);
        job.arguments = {"-c", script};
        job.log = folder_ / ("logs/" + name + ".txt");
        job.after = std::move(after);
        jobs_.push_back(std::move(job));
        return jobs_.size() - 1;
    }

    Tally run(std::size_t at_once = 2) {
        Durations durations(folder_ / "durations.json");
        testing::internal::CaptureStderr();
        const Tally tally = execute(jobs_, at_once, "/bin/sh", durations);
        said_ = testing::internal::GetCapturedStderr();
        return tally;
    }

    std::string file(const std::string& name) const { return folder_ / name; }

    test::TemporaryFolder folder_;
    std::vector<Job> jobs_;
    std::string said_;
};

TEST_F(Execute, JobsRunAfterWhatTheyNeed) {
    const std::string list = file("list");
    const auto a = add("a", "sleep 0.2; echo a >> " + list);
    const auto b = add("b", "echo b >> " + list, {a});
    add("c", "echo c >> " + list, {a, b});
    const Tally tally = run();
    EXPECT_EQ(tally.done, 3U);
    EXPECT_EQ(tally.failed + tally.skipped, 0U);
    EXPECT_EQ(test::read_bytes(list), "a\nb\nc\n");
    EXPECT_EQ(said_, "");
    const auto durations = nlohmann::json::parse(test::read_bytes(file("durations.json")));
    EXPECT_GE(durations.at("a").at("seconds").get<double>(), 0.2);
    EXPECT_EQ(durations.at("b").at("group"), "b");
}

TEST_F(Execute, SeveralAtOnceButNoMoreThanAllowed) {
    // Each job waits for the other's file: only together can they end.
    add("a", "touch " + file("1") + "; while [ ! -e " + file("2") + " ]; do sleep 0.01; done");
    add("b", "touch " + file("2") + "; while [ ! -e " + file("1") + " ]; do sleep 0.01; done");
    EXPECT_EQ(run(2).done, 2U);

    jobs_.clear();
    for (const char* name : {"c", "d", "e"}) {
        add(name, "mkdir " + file("alone") + " && sleep 0.1 && rmdir " + file("alone"));
    }
    EXPECT_EQ(run(1).done, 3U);
}

TEST_F(Execute, AFailureIsOneLineAndStopsOnlyWhatNeedsIt) {
    const auto a = add("a", "echo starting; echo 'no space' >&2; echo; exit 3");
    const auto b = add("b", "exit 0", {a});
    add("c", "exit 0", {b});
    add("d", "exit 0");
    add("e", "kill -9 $$");
    const Tally tally = run();
    EXPECT_EQ(tally.done, 1U);
    EXPECT_EQ(tally.failed, 2U);
    EXPECT_EQ(tally.skipped, 2U);
    EXPECT_EQ(jobs_[2].state, State::skipped);
    EXPECT_EQ(jobs_[3].state, State::done);
    EXPECT_NE(said_.find("failed: a (exit code 3): no space [" + jobs_[0].log.string() + "]\n"),
              std::string::npos)
        << said_;
    EXPECT_NE(said_.find("failed: e (signal 9 (Killed)): it said nothing"), std::string::npos)
        << said_;
}

TEST_F(Execute, DoneJobsAreNotRunAgain) {
    const auto a = add("a", "exit 1");
    jobs_[a].state = State::done;
    add("b", "exit 0", {a});
    EXPECT_EQ(run().done, 1U);
}

TEST_F(Execute, ToStopIsToEndTheChildren) {
    const std::string child = file("child");
    add("a", "echo $$ > " + child + "; kill -TERM $PPID; sleep 60");
    add("b", "exit 0", {0});
    const Tally tally = run();
    EXPECT_TRUE(tally.stopped);
    EXPECT_EQ(tally.done + tally.failed, 0U);
    const pid_t id = std::stoi(test::read_bytes(child));
    EXPECT_NE(kill(id, 0), 0) << "the child still runs";
}

TEST(TimeLeft, CountsJobsByThoseOfTheirGroup) {
    const test::TemporaryFolder folder;
    Durations durations(folder / "durations.json");
    std::vector<Job> jobs(4);
    jobs[0].group = jobs[1].group = "long";
    jobs[2].group = jobs[3].group = "short";
    const std::vector<double> no_time(4, 0);
    EXPECT_LT(time_left(jobs, no_time, 2, durations), 0) << "nothing is known";
    durations.add("x", "long", 100);
    EXPECT_DOUBLE_EQ(time_left(jobs, no_time, 2, durations), 200) << "others as those known";
    durations.add("y", "short", 10);
    EXPECT_DOUBLE_EQ(time_left(jobs, no_time, 2, durations), 110);
    jobs[0].state = State::done;
    jobs[1].state = State::running;
    EXPECT_DOUBLE_EQ(time_left(jobs, {0, 60, 0, 0}, 1, durations), 60);
    EXPECT_DOUBLE_EQ(time_left(jobs, {0, 60, 0, 0}, 4, durations), 40) << "the longest";
    EXPECT_DOUBLE_EQ(time_left(jobs, {0, 160, 0, 0}, 1, durations), 20);
}

TEST(Durations, AreKeptAndTheLongestCounts) {
    const test::TemporaryFolder folder;
    const auto file = folder / "durations.json";
    {
        Durations durations(file);
        durations.add("run/1", "run", 30);
        durations.add("run/1", "run", 2);  // resumed near its end
        durations.add("run/2", "run", 40);
    }
    EXPECT_EQ(Durations(file).expected("run"), 35.0);
    EXPECT_EQ(Durations(file).expected("other"), 35.0);
    EXPECT_FALSE(Durations(file).mean("other").has_value());
    test::write_bytes(file, "{broken");
    EXPECT_FALSE(Durations(file).expected("run").has_value());
}

}  // namespace
}  // namespace distillar::study
