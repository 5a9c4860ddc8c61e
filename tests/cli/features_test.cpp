// `distillar features` as a user runs it, on a log and a tiny DINOv2 made here.
#include <filesystem>

#include "cli/program.hpp"
#include "cli/tiny_dinov2.hpp"
#include "support/data.hpp"
#include "support/full_disk.hpp"
#include "support/made_log.hpp"

namespace distillar::test {

namespace fs = std::filesystem;

namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

class FeaturesCommand : public testing::Test {
protected:
    void SetUp() override {
        make_log(log_, 4, 2);
        make_log(held_out_, 2);
        write_dinov2(folder_ / "tiny.safetensors");
        write_bytes(config_,
                    "distillar-config: 1\n"
                    "teacher: {kind: dinov2, height: 28, width: 56,\n"
                    "          weights: " +
                        (folder_ / "tiny.safetensors").string() +
                        ",\n"
                        "          features: " +
                        cache_.string() +
                        "}\n"
                        "model: {backbone: {channels: 8, depth: 3}, input: {cell: 2.0}}\n"
                        "batch: 2\nsteps: 2\nschedule: {warmup_steps: 1}\n"
                        "data:\n"
                        "  train: [{format: log, path: " +
                        log_.string() +
                        "}]\n"
                        "  validation: [{path: " +
                        held_out_.string() + "}]\n");
    }
    std::vector<std::string> words(const std::vector<std::string>& more = {}) const {
        std::vector<std::string> all{"features", "--config", config_};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    std::map<std::string, std::string> cached() const {
        std::map<std::string, std::string> files;
        for (const auto& entry : fs::recursive_directory_iterator(cache_)) {
            if (entry.is_regular_file()) {
                files[entry.path()] = read_bytes(entry.path());
            }
        }
        return files;
    }
    TemporaryFolder folder_;
    fs::path log_ = folder_ / "log";
    fs::path held_out_ = folder_ / "held-out";
    fs::path cache_ = folder_ / "cache";
    fs::path config_ = folder_ / "config.yaml";
};

TEST_F(FeaturesCommand, FillsTheCacheThatPretrainReads) {
    const Outcome first = run_program(words());
    EXPECT_EQ(first.code, 0) << first.err;
    EXPECT_TRUE(has(first.out, "teacher         dinov2_64x1 28x56 pre-norm\n")) << first.out;
    // The held-out pictures are the log's first two.
    EXPECT_TRUE(has(first.out, "images          5, 3 to compute\n")) << first.out;
    const auto before = cached();
    EXPECT_EQ(before.size(), 2U);

    const Outcome again = run_program(words());
    EXPECT_TRUE(has(again.out, "5, 0 to compute")) << again.out;
    const Outcome trained =
        run_program({"pretrain", "--config", config_, "--run", folder_ / "run", "--quiet"});
    EXPECT_EQ(trained.code, 0) << trained.err;
    EXPECT_EQ(cached(), before);
}

TEST_F(FeaturesCommand, OtherDataGoOnFromWhatIsThere) {
    const Outcome some = run_program(words({"--data", held_out_, "--frames", "000001"}));
    EXPECT_EQ(some.code, 0) << some.err;
    EXPECT_TRUE(has(some.out, "images          1, 1 to compute\n")) << some.out;
    const Outcome rest = run_program(words({"--set", "teacher.pca=0", "--quiet"}));
    EXPECT_EQ(rest.code, 0) << rest.err;
    EXPECT_EQ(rest.out + rest.err, "");
    EXPECT_TRUE(has(run_program(words()).out, "5, 0 to compute"));
}

TEST_F(FeaturesCommand, ReducesIfAskedTo) {
    const Outcome reduced = run_program(words({"--set", "teacher.pca=4"}));
    EXPECT_EQ(reduced.code, 0) << reduced.err;
    EXPECT_TRUE(has(reduced.err, "PCA: 4 of 64 channels hold")) << reduced.err;
    EXPECT_TRUE(has(run_program(words({"--set", "teacher.pca=4"})).out, "5, 0 to compute"));
}

TEST_F(FeaturesCommand, WhatCannotWorkIsSaidBeforeTheStart) {
    const auto refused = [&](const std::vector<std::string>& more,
                             const std::vector<std::string>& parts) {
        expect_one_line_error(words(more), 2, parts);
        EXPECT_FALSE(fs::exists(cache_));
    };
    refused({"--set", "teacher.kind=features"}, {"teacher.kind"});
    refused({"--set", "teacher.kind=torchscript"}, {"tiny.safetensors", "--trust"});
    refused({"--set", "teacher.kind=torchscript", "--trust"}, {"is no TorchScript module"});
    refused({"--set", "teacher.kind=espnetv2"}, {"tiny.safetensors"});
    refused({"--set", "teacher.pca=65"}, {"65 components of the 64"});
    refused({"--set", "teacher.height=30"}, {"30 x 56"});
    refused({"--data", log_, "--cameras", "none"}, {"none of the 4 frames has a camera image"});
    refused({"--data", folder_ / "nowhere"}, {"nowhere"});
    write_bytes(log_ / "front/000001.png", "no picture");
    refused({}, {"000001.png"});
}

TEST_F(FeaturesCommand, AFullDiskIsOneLineAndLeavesWhatWasThere) {
    ASSERT_EQ(run_program(words({"--data", held_out_})).code, 0);
    const auto before = cached();
    {
        const FullDisk full(600);  // a shard of one image has more
        const Outcome outcome = run_program(words({"--quiet"}));
        EXPECT_EQ(outcome.code, 1) << outcome.err;
        EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
        EXPECT_TRUE(has(outcome.err, "cannot be written")) << outcome.err;
        EXPECT_TRUE(has(outcome.err, "free space")) << outcome.err;
    }
    EXPECT_EQ(cached(), before);
    EXPECT_EQ(run_program(words()).code, 0);
    EXPECT_GT(cached().size(), before.size());
}

}  // namespace distillar::test
