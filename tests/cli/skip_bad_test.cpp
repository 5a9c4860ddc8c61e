// A damaged scan among good ones: named, or with --skip-bad left out and counted.
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/labelled_log.hpp"
#include "cli/program.hpp"
#include "cli/small_model.hpp"
#include "support/data.hpp"

namespace distillar::test {
namespace {

namespace fs = std::filesystem;

class SkipBad : public testing::Test {
protected:
    void SetUp() override {
        make_labelled_log(folder_ / "log", 24);
        write_bytes(folder_ / "log/lidar/000013.bin", "no scan");
        const auto description = small_pd8_description(8);
        formats::write_model(folder_ / "m.safetensors", runtime::random_model(description, 1));
    }

    std::vector<std::string> evaluate(const std::vector<std::string>& more) const {
        std::vector<std::string> words{
            "evaluate",      "--model",   folder_ / "m.safetensors", "--data",
            folder_ / "log", "--setting", "pandaset-to-kitti8",      "--side",
            "source",        "--json",    folder_ / "figures.json"};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }

    TemporaryFolder folder_;
};

TEST_F(SkipBad, EvaluateNamesTheScanOrCountsIt) {
    expect_one_line_error(evaluate({"--quiet"}), 1, {"lidar/000013.bin", "not a multiple of 16"});
    EXPECT_FALSE(fs::exists(folder_ / "figures.json"));

    const Outcome outcome = run_program(evaluate({"--skip-bad", "--quiet"}));
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_NE(outcome.err.find("lidar/000013.bin"), std::string::npos) << outcome.err;
    EXPECT_NE(outcome.out.find("23 frames (1 left out as damaged)"), std::string::npos)
        << outcome.out;
    const auto json = nlohmann::json::parse(read_bytes(folder_ / "figures.json"));
    EXPECT_EQ(json.at("frames"), 23);
    EXPECT_EQ(json.at("skipped"), 1);
    EXPECT_EQ(json.at("points"), 23 * 800);
}

TEST_F(SkipBad, SegmentGoesOnWithTheOthers) {
    std::vector<std::string> words{
        "segment", folder_ / "log", "--model",  folder_ / "m.safetensors",
        "--out",   folder_ / "out", "--no-ply", "--quiet"};
    expect_one_line_error(words, 1, {"lidar/000013.bin"});
    words.push_back("--skip-bad");
    const Outcome outcome = run_program(words);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_NE(outcome.err.find("1 of 24 frames are left out"), std::string::npos) << outcome.err;
    EXPECT_TRUE(fs::exists(folder_ / "out/000014.label"));
    EXPECT_FALSE(fs::exists(folder_ / "out/000013.label"));
}

}  // namespace
}  // namespace distillar::test
