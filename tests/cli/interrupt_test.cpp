// What a training that is interrupted leaves, and how it goes on: by a signal, by kill -9.
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "cli/labelled_log.hpp"
#include "cli/program.hpp"
#include "support/data.hpp"

namespace distillar::test {

namespace fs = std::filesystem;

namespace {

class Interrupt : public testing::Test {
protected:
    void SetUp() override {
        make_labelled_log(folder_ / "log", 3);
        write_bytes(folder_ / "train.yaml",
                    "distillar-config: 1\n"
                    "model: {backbone: {channels: 16, depth: 3, drop_path: 0.1},\n"
                    "        input: {features: [x, y, z], voxel: 0.2, cell: 1.0,\n"
                    "                fov: [[-16, -16, -4], [16, 16, 6]]}}\n"
                    "setting: pandaset-to-kitti8\nbatch: 2\nsteps: 1000000\n"
                    "schedule: {warmup_steps: 1}\nlog_every: 1\ncheckpoint_every: 1000000\n"
                    "data: {train: [{format: log, path: " +
                        (folder_ / "log").string() + "}]}\n");
    }
    std::vector<std::string> train(const std::string& run,
                                   const std::vector<std::string>& more = {}) const {
        std::vector<std::string> words{
            "train",     "--config", folder_ / "train.yaml", "--run", folder_ / run, "--quiet",
            "--threads", "1"};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }
    std::uintmax_t logged(const std::string& run) const {
        std::error_code none;
        const auto size = fs::file_size(folder_ / run / "metrics.jsonl", none);
        return none ? 0 : size;
    }
    /// Waits until the run has logged more than so many bytes, or has ended.
    void wait_for(const std::string& run, std::uintmax_t bytes) const {
        for (int i = 0; i < 6000 && logged(run) <= bytes; ++i) {
            if (fs::exists(folder_ / run / "model.safetensors")) {
                return;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
    }

    TemporaryFolder folder_;
};

TEST_F(Interrupt, ASignalFinishesTheStepSavesAndSaysHowToGoOn) {
    for (const int signal : {SIGINT, SIGTERM}) {
        const std::string run = "run" + std::to_string(signal);
        const Outcome outcome = run_program(train(run), [&](pid_t process) {
            wait_for(run, 0);
            kill(process, signal);
        });
        EXPECT_EQ(outcome.code, 0) << outcome.err;
        EXPECT_NE(outcome.out.find("stopped after step "), std::string::npos) << outcome.out;
        EXPECT_NE(outcome.out.find(" of 1000000; to go on:\n "), std::string::npos);
        EXPECT_NE(outcome.out.find(" train --config "), std::string::npos);
        const auto step = std::stoi(outcome.out.substr(19));
        EXPECT_TRUE(fs::exists(folder_ / run / "checkpoints" / fmt::format("step-{:08}", step) /
                               "manifest.json"));
        const auto before = logged(run);
        const Outcome more = run_program(train(run), [&](pid_t process) {
            wait_for(run, before);
            kill(process, signal);
        });
        EXPECT_EQ(more.code, 0) << more.err;
        EXPECT_GT(std::stoi(more.out.substr(19)), step);
    }
}

TEST_F(Interrupt, ASecondProcessInTheFolderIsRefused) {
    const Outcome outcome = run_program(train("run"), [&](pid_t process) {
        wait_for("run", 0);
        expect_one_line_error(train("run"), 2, {"another distillar trains in this folder"});
        expect_one_line_error(train("run", {"--set", "optimiser.learning_rate=0.5"}), 2,
                              {"another config: optimiser.learning_rate was 0.002, is 0.5"});
        kill(process, SIGTERM);
    });
    EXPECT_EQ(outcome.code, 0) << outcome.err;
}

/// Kills at moments spread over the whole of a training, from its start to its last file. One that
/// ends is compared, and the next begins. `make soak` has DISTILLAR_KILLS=200.
TEST_F(Interrupt, KilledAtAnyMomentItEndsWithTheSameBits) {
    using Milliseconds = std::chrono::duration<double, std::milli>;
    const char* wish = std::getenv("DISTILLAR_KILLS");
    const int kills = wish == nullptr ? 10 : std::atoi(wish);
    const std::vector<std::string> small{"--set", "steps=16", "--set", "checkpoint_every=2"};
    const auto start = std::chrono::steady_clock::now();
    ASSERT_EQ(run_program(train("straight", small)).code, 0);
    const Milliseconds whole = std::chrono::steady_clock::now() - start;

    int killed = 0, trainings = 0;
    for (int i = 0; killed < kills || fs::exists(folder_ / "killed"); ++i) {
        ASSERT_LT(i, 10 * kills) << "after " << killed << " kills";
        const bool enough = killed == kills;
        const Outcome outcome = run_program(train("killed", small), [&](pid_t process) {
            if (!enough) {
                std::this_thread::sleep_for(whole * (i * 7919 % 1000 / 1000.0));
                kill(process, SIGKILL);
            }
        });
        if (outcome.code == 128 + SIGKILL) {
            ++killed;
            continue;
        }
        ASSERT_EQ(outcome.code, 0) << outcome.err;
        for (const char* name : {"model.safetensors", "metrics.jsonl"}) {
            ASSERT_EQ(read_bytes(folder_ / "killed" / name),
                      read_bytes(folder_ / "straight" / name))
                << name << " after " << killed << " kills";
        }
        fs::remove_all(folder_ / "killed");
        ++trainings;
    }
    fmt::print("{} kills in {} trainings, each with the bits of one that was not\n", killed,
               trainings);
}

}  // namespace

}  // namespace distillar::test
