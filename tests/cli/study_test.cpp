// A whole study as a user runs it: simulated data, two recipes, two seeds, in seconds.
#include <algorithm>
#include <filesystem>

#include "cli/program.hpp"
#include "support/data.hpp"

namespace distillar::test {
namespace {

namespace fs = std::filesystem;

class StudyCommand : public testing::Test {
protected:
    void SetUp() override {
        write_bytes(folder_ / "tiny.yaml",
                    "distillar-config: 1\n"
                    "model:\n"
                    "  backbone: {channels: 8, depth: 1, drop_path: 0}\n"
                    "  head: {kind: bn_linear}\n"
                    "  input: {features: [x, y, z, radius], voxel: 0.5, cell: 2.0,\n"
                    "          fov: [[-32, -32, -4], [32, 32, 8]]}\n"
                    "setting: simulated-to-kitti8\n"
                    "data: {train: [{path: given-by-the-study}]}\n"
                    "steps: 3\nbatch: 1\naugmentation: {max_points: 1000}\n"
                    "schedule: {warmup_steps: 0}\nlog_every: 1\ncheckpoint_every: 2\n");
        write_bytes(folder_ / "head.yaml",
                    "distillar-config: 1\n"
                    "setting: simulated-to-kitti8\n"
                    "data: {train: [{path: given-by-the-study}]}\n"
                    "steps: 2\nbatch: 1\nschedule: {warmup_steps: 0}\n"
                    "cache: {augmented_views: 1}\n");
        write_study("");
    }

    /// @param recipes  more lines of the study.
    void write_study(const std::string& recipes) {
        write_bytes(study_,
                    "distillar-study: 1\n"
                    "seeds: [0, 1]\n"
                    "data:\n"
                    "  a: {simulate: {city: a, rig: vlp16, frames: 2}}\n"
                    "settings:\n"
                    "  simulated-to-kitti8: {source: a, tests: {again: {data: a}}}\n"
                    "recipes:\n"
                    "  plain: {stage: train, config: " +
                        (folder_ / "tiny.yaml").string() +
                        "}\n"
                        "  head: {stage: probe, from: plain, config: " +
                        (folder_ / "head.yaml").string() + "}\n" + recipes);
    }

    std::vector<std::string> study(const std::vector<std::string>& more = {}) const {
        std::vector<std::string> words{"study", study_, "--out", out_};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }

    TemporaryFolder folder_;
    fs::path study_ = folder_ / "study.yaml";
    fs::path out_ = folder_ / "out";
};

TEST_F(StudyCommand, RunsAGridAndGoesOnWithIt) {
    const Outcome list = run_program(study({"--dry-run"}));
    EXPECT_EQ(list.code, 0) << list.err;
    EXPECT_NE(list.out.find("todo  head/simulated-to-kitti8/seed-1\n        distillar probe"),
              std::string::npos)
        << list.out;
    EXPECT_NE(list.out.find("jobs to do: 9\n"), std::string::npos) << list.out;
    EXPECT_FALSE(fs::exists(out_));

    const Outcome part = run_program({"study", study_, "--out", folder_.path().string() + "/./out/",
                                      "--only", "plain/simulated-to-kitti8/seed-0"});
    EXPECT_EQ(part.code, 0) << part.err;
    EXPECT_NE(part.out.find("jobs done: 3;"), std::string::npos) << part.out;

    const Outcome whole = run_program(study());
    EXPECT_EQ(whole.code, 0) << whole.err;
    EXPECT_NE(whole.out.find("jobs done: 7;"), std::string::npos) << whole.out;
    EXPECT_NE(whole.out.find("\nplain "), std::string::npos) << whole.out;
    EXPECT_NE(read_bytes(out_ / "results.md").find("| head | "), std::string::npos);
    const auto page = read_bytes(out_ / "report.html");
    for (const char* link : {"runs/head/simulated-to-kitti8/seed-1/report.html",
                             "results/head/simulated-to-kitti8/seed-0/again.html",
                             "results/head/simulated-to-kitti8/seed-1/again.json"}) {
        EXPECT_NE(page.find(link), std::string::npos) << link;
        EXPECT_TRUE(fs::exists(out_ / link)) << link;
    }

    // A run that was interrupted ends with the same bits; nothing else is done again.
    const fs::path run = out_ / "runs/plain/simulated-to-kitti8/seed-1";
    const auto model = read_bytes(run / "model.safetensors");
    const auto untouched =
        fs::last_write_time(out_ / "runs/plain/simulated-to-kitti8/seed-0/model.safetensors");
    fs::remove(run / "model.safetensors");
    fs::remove_all(out_ / "runs/head/simulated-to-kitti8/seed-1");
    const Outcome again = run_program(study({"--quiet"}));
    EXPECT_EQ(again.code, 0) << again.err;
    EXPECT_NE(again.out.find("jobs done: 5;"), std::string::npos) << again.out;
    EXPECT_EQ(read_bytes(run / "model.safetensors"), model);
    EXPECT_EQ(fs::last_write_time(out_ / "runs/plain/simulated-to-kitti8/seed-0/model.safetensors"),
              untouched);
}

TEST_F(StudyCommand, AFailingRecipeDoesNotHoldUpTheOthers) {
    write_bytes(folder_ / "distil.yaml",
                "distillar-config: 1\nmodel: {backbone: {channels: 8, depth: 1}}\n"
                "teacher: {images: /nowhere, features: /nowhere/at/all}\n"
                "data: {train: [{path: given-by-the-study}]}\nsteps: 1\n");
    write_study(
        "  distil: {stage: pretrain, shared: true, config: " + (folder_ / "distil.yaml").string() +
        ", set: {data.train: \"[{data.a}]\"}}\n"
        "  frozen: {stage: probe, from: distil, config: " +
        (folder_ / "head.yaml").string() + "}\n");
    const Outcome outcome = run_program(study({"--seeds", "0", "--quiet"}));
    EXPECT_EQ(outcome.code, 1);
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 2) << outcome.err;
    EXPECT_NE(outcome.err.find("failed: distil/seed-0 (exit code 2): distillar: error: "),
              std::string::npos)
        << outcome.err;
    EXPECT_NE(outcome.err.find((out_ / "logs/distil/seed-0.txt").string()), std::string::npos);
    EXPECT_NE(outcome.err.find("jobs that failed: 1, skipped because of them: 2"),
              std::string::npos)
        << outcome.err;
    EXPECT_NE(outcome.out.find("\nhead "), std::string::npos) << outcome.out;
    EXPECT_EQ(outcome.out.find("\nfrozen "), std::string::npos) << outcome.out;
}

TEST_F(StudyCommand, MistakesAreUsageErrors) {
    expect_one_line_error({"study", folder_ / "no.yaml", "--out", out_}, 2, {"no.yaml"});
    expect_one_line_error(study({"--seeds", "one"}), 2, {"--seeds", "'one'"});
    expect_one_line_error(study({"--only", "nothing"}), 2, {"--only nothing"});
    write_study("  more: {stage: study, config: x}\n");
    expect_one_line_error(study(), 2, {"study.yaml", "no stage 'study'", "pretrain", "train"});
    write_study("  more: {stage: probe, from: plan, config: x}\n");
    expect_one_line_error(study(), 2, {"no recipe 'plan'", "did you mean 'plain'"});
    write_study("  more: {stage: train, config: /nowhere.yaml}\n");
    expect_one_line_error(study(), 2, {"recipe 'more'", "/nowhere.yaml"});
    write_study("  more: [\n");
    expect_one_line_error(study(), 2, {"study.yaml: line"});
    EXPECT_FALSE(fs::exists(out_));
    write_study("");
    write_bytes(out_, "a file");
    expect_one_line_error(study(), 2, {out_.string()});
}

}  // namespace
}  // namespace distillar::test
