// `distillar fuse`, and its models in `segment` and `evaluate`, as a user runs them.
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/labelled_log.hpp"
#include "cli/program.hpp"
#include "cli/tiny_dinov2.hpp"
#include "support/data.hpp"

namespace distillar::test {

namespace fs = std::filesystem;

namespace {

class FuseCommand : public testing::Test {
protected:
    void SetUp() override {
        make_labelled_log(log_, 4);
        write_dinov2(folder_ / "tiny.safetensors");
        write_bytes(folder_ / "fuse.yaml",
                    "distillar-config: 1\n"
                    "teacher: {kind: dinov2, height: 28, width: 56, weights: " +
                        (folder_ / "tiny.safetensors").string() +
                        ", features: " + (folder_ / "cache").string() +
                        "}\n"
                        "model: {backbone: {channels: 16, depth: 3, drop_path: 0},\n"
                        "        input: {features: [x, y, z], voxel: 0.2, cell: 1.0,\n"
                        "                fov: [[-16, -16, -4], [16, 16, 6]]}}\n"
                        "fuse: {hidden: 16, projection: 8, projection_hidden: 8}\n"
                        "setting: pandaset-to-kitti8\nbatch: 2\nsteps: 6\n"
                        "schedule: {warmup_steps: 1}\n"
                        "data: {train: [{format: log, path: " +
                        log_.string() + "}]}\n");
    }
    std::vector<std::string> fuse(const std::vector<std::string>& more = {}) {
        return joined({"fuse", "--config", folder_ / "fuse.yaml", "--run", run_, "--quiet"}, more);
    }
    std::vector<std::string> segment(const std::string& out, const std::vector<std::string>& more) {
        return joined({"segment", log_, "--no-ply", "--quiet", "--out", folder_ / out}, more);
    }
    std::vector<std::string> evaluate(const std::string& json,
                                      const std::vector<std::string>& more) {
        return joined({"evaluate", "--data", log_, "--setting", "pandaset-to-kitti8", "--side",
                       "source", "--quiet", "--json", folder_ / json},
                      more);
    }
    static std::vector<std::string> joined(std::vector<std::string> words,
                                           const std::vector<std::string>& more) {
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }

    TemporaryFolder folder_;
    fs::path log_ = folder_ / "log";
    fs::path run_ = folder_ / "run";
    const std::vector<std::string> student_{"--model", run_ / "model.safetensors"};
    const std::vector<std::string> fused_{"--model", run_ / "fused.safetensors"};
    const std::vector<std::string> eyes_{"--model", run_ / "fused.safetensors", "--teacher",
                                         run_ / "config.yaml"};
};

TEST_F(FuseCommand, BothModelsSegmentALog) {
    const Outcome trained = run_program(fuse());
    ASSERT_EQ(trained.code, 0) << trained.err;
    ASSERT_EQ(run_program(segment("student", student_)).code, 0);
    const Outcome seen = run_program(segment("seen", eyes_));
    ASSERT_EQ(seen.code, 0) << seen.err;
    EXPECT_EQ(seen.err, "");
    EXPECT_TRUE(fs::exists(folder_ / "seen/000003.label"));
    EXPECT_TRUE(fs::exists(folder_ / "seen/classes.json"));
    const Outcome blind = run_program(segment("blind", joined(fused_, {"--cameras", "none"})));
    ASSERT_EQ(blind.code, 0) << blind.err;
    EXPECT_NE(blind.err.find("has no image: the model's student"), std::string::npos) << blind.err;
    for (const char* name : {"000000.label", "000003.label"}) {
        EXPECT_EQ(read_bytes(folder_ / "blind" / name), read_bytes(folder_ / "student" / name));
    }
}

TEST_F(FuseCommand, WhatCamerasSeeIsCountedApart) {
    ASSERT_EQ(run_program(fuse()).code, 0);
    const auto points = [&](const std::string& name, const std::vector<std::string>& more) {
        const Outcome outcome = run_program(evaluate(name, more));
        EXPECT_EQ(outcome.code, 0) << outcome.err;
        const auto json = nlohmann::json::parse(read_bytes(folder_ / name));
        EXPECT_EQ(json["frames"], 4);
        EXPECT_EQ(json["counted"], name == "all.json" ? "all" : "seen");
        std::int64_t count = 0;
        for (const auto& each : json["classes"]) {
            count += each["points"].get<std::int64_t>();
        }
        return count;
    };
    EXPECT_EQ(points("all.json", eyes_), 3200);
    const auto seen = points("seen.json", joined(eyes_, {"--points", "seen"}));
    EXPECT_GT(seen, 100);
    EXPECT_LT(seen, 2000);
    EXPECT_EQ(points("student.json", joined(student_, {"--points", "seen"})), seen);
    expect_one_line_error(
        evaluate("none.json", joined(student_, {"--points", "seen", "--cameras", "none"})), 2,
        {"has no cameras in the selection"});
}

TEST_F(FuseCommand, MistakesAreSaidBeforeTheStart) {
    ASSERT_EQ(run_program(fuse()).code, 0);
    expect_one_line_error(segment("no", fused_), 2,
                          {"looks at images by dinov2_64x1", "--teacher", "--cameras none"});
    expect_one_line_error(evaluate("no.json", fused_), 2, {"looks at images", "--teacher"});
    expect_one_line_error(
        segment("no", joined(student_, {"--teacher", (run_ / "config.yaml").string()})), 2,
        {"model.safetensors", "looks at no image"});
    expect_one_line_error(segment("no", joined(eyes_, {"--precision", "bf16"})), 2,
                          {"fused.safetensors", "runs in fp32"});
    expect_one_line_error(
        {"bench", log_ / "lidar/000000.bin", "--model", run_ / "fused.safetensors"}, 2,
        {"is a fused model", "model.safetensors of the same run"});
    auto other = read_bytes(run_ / "config.yaml");
    other.replace(other.find("width: 56"), 9, "width: 28");
    write_bytes(folder_ / "other.yaml", other);
    expect_one_line_error(
        segment("no", joined(fused_, {"--teacher", (folder_ / "other.yaml").string()})), 2,
        {"was trained with the teacher dinov2_64x1 28x56"});
    EXPECT_FALSE(fs::exists(folder_ / "no"));
    run_ = folder_ / "second";
    expect_one_line_error(fuse({"--set", "labelled.share=0"}), 2, {"share", "above 0"});
    expect_one_line_error(fuse({"--set", "fuse.fusoin=gate"}), 2, {"fusoin", "fusion"});
    expect_one_line_error(fuse({"--set", "fuse.sweeps={before: 1}"}), 2, {"pose"});
    EXPECT_FALSE(fs::exists(run_));
}

}  // namespace

}  // namespace distillar::test
