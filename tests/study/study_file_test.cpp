#include "study/made_study.hpp"

namespace distillar::test {
namespace {

class StudyFile : public StudyTest {
protected:
    /// The error of the study with `from` replaced by `to` says all of `parts`.
    void expect_error(const std::string& from, const std::string& to,
                      const std::vector<std::string>& parts) const {
        const auto error = error_of([&] { load(text(from, to)); });
        for (const auto& part : parts) {
            EXPECT_NE(error.find(part), std::string::npos) << "no '" << part << "' in: " << error;
        }
    }
};

TEST_F(StudyFile, IsReadAsItIsWritten) {
    const auto study = load(text());
    EXPECT_EQ(study.title, "Small");
    EXPECT_EQ(study.seeds, (std::vector<std::uint64_t>{3, 5}));
    EXPECT_EQ(study.jobs, 2U);
    EXPECT_EQ(study.data.at("a").selections.size(), 2U);
    EXPECT_EQ(study.data.at("a").selections[1].path, folder_ / "out/data/a/2");
    EXPECT_EQ(study.data.at("b").selections[0].path, folder_ / "out/data/b/0");
    EXPECT_EQ(study.data.at("both").selections.size(), 3U);
    EXPECT_EQ(study.data.at("both").drives.size(), 3U);
    EXPECT_EQ(study.recipe("plain").settings, (std::vector<std::string>{"a-to-b", "b-to-b"}));
    EXPECT_EQ(study.recipe("oracle").settings, (std::vector<std::string>{"a-to-b"}));
    EXPECT_EQ(study.recipe("head").from, "plain");
    EXPECT_EQ(study.setting("b-to-b").tests.at(0).side, "source");
    EXPECT_EQ(study.setting("a-to-b").tests.at(0).side, "target");
}

TEST_F(StudyFile, ALogOfSeveralLidarsIsADataSetEach) {
    const auto study =
        load(text("rig: hdl64e, format: semantickitti", "rig: pandaset, format: log"));
    const auto& data = study.data.at("a");
    EXPECT_EQ(data.drives.size(), 2U);
    ASSERT_EQ(data.selections.size(), 4U);
    EXPECT_EQ(data.selections[0].path, folder_ / "out/data/a/1/pandar64");
    EXPECT_EQ(data.selections[3].path, folder_ / "out/data/a/2/pandargt");
    plan(text("rig: hdl64e, format: semantickitti", "rig: pandaset, format: log"));
}

TEST_F(StudyFile, DefaultsAreOneSeedAndOneThread) {
    const auto study = load(text("seeds: [3, 5]\njobs: 2\n", ""));
    EXPECT_EQ(study.seeds, std::vector<std::uint64_t>{0});
    EXPECT_EQ(study.threads, 1U);
    EXPECT_GE(study.jobs, 1U);
}

TEST_F(StudyFile, UnknownKeysNameTheNearest) {
    expect_error("seeds:", "seed:", {"study.yaml: line 3", "did you mean 'seeds'"});
    expect_error("frames: 2", "frame: 2", {"did you mean 'frames'"});
    expect_error("side:", "sied:", {"did you mean 'side'"});
    expect_error("settings: a-to-b", "setting: a-to-b", {"did you mean 'settings'"});
    expect_error("distillar-study: 1", "distillar-study: 2", {"reads schema 1"});
}

TEST_F(StudyFile, NamesThatAreNotThere) {
    expect_error("from: plain", "from: plian",
                 {"recipes.head.from", "no recipe 'plian'", "did you mean 'plain'"});
    expect_error("stage: probe", "stage: prob", {"no stage 'prob'", "did you mean 'probe'"});
    expect_error("settings: a-to-b", "settings: a-to-c", {"no setting 'a-to-c'", "'a-to-b'"});
    expect_error("source: a\n", "source: aa\n", {"settings.a-to-b.source", "no data named 'aa'"});
    expect_error("far: {data: b", "far: {data: c", {"no data named 'c'"});
    expect_error("[a, b]", "[a, c]", {"data.both[1]", "no data above here named 'c'"});
    expect_error("oracle: oracle", "oracle: orakel", {"no recipe 'orakel'"});
    expect_error("city: a", "city: aa", {"no city 'aa'"});
    expect_error("rig: hdl64e", "rig: hdl46e", {"no rig 'hdl46e'", "hdl64e"});
    expect_error("format: nuscenes", "format: nuscene", {"did you mean 'nuscenes'"});
}

TEST_F(StudyFile, RecipesThatCannotFollowOneAnother) {
    const std::string plain = "plain: {stage: train";
    expect_error(plain, "plain: {from: head, stage: train",
                 {"circle", "plain from head from plain"});
    expect_error(plain, "plain: {from: plain, stage: train", {"circle"});
    expect_error("from: plain", "from: oracle",
                 {"no run of that recipe for the setting 'b-to-b'", "a-to-b"});
    expect_error("head: {", "head: {shared: true, ", {"shared recipe", "'plain', which is not"});
    expect_error("    settings: a-to-b\n", "    settings: a-to-b\n    shared: true\n",
                 {"of all settings"});
    expect_error(plain, "plain: {shared: target, stage: train", {"plain.shared", "is true"});
    expect_error("head: {", "head: {shared: source, ", {"'plain', which is not, or less so"});
    expect_error(
        "    source: b\n    tests: {near: {data: b, side: source}, far: {data: b, side: source}}\n"
        "recipes:\n  plain: {",
        "    tests: {far: {data: b, side: source}}\nrecipes:\n  plain: {shared: source, ",
        {"recipes.plain.shared", "'b-to-b' has no source"});
}

TEST_F(StudyFile, AFusedModelIsARowOfTheRunThatMadeIt) {
    const std::string plain = "plain: {stage: train";
    auto yaml = text(plain, "plain: {stage: fuse");
    yaml.replace(yaml.find("  head:"), 0, "  eyes: {fused_model_of: plain}\n");
    const auto study = load(yaml);
    EXPECT_EQ(study.recipe("eyes").fused_model_of, "plain");
    EXPECT_EQ(study.recipe("eyes").settings, study.recipe("plain").settings);
    expect_error(plain, "eyes: {fused_model_of: plane}\n  plain: {stage: train",
                 {"no recipe above here 'plane'"});
    expect_error("  head: {", "  eyes: {fused_model_of: plain}\n  head: {",
                 {"recipes.eyes.fused_model_of", "'plain' is no recipe of the stage fuse"});
    expect_error("far: {data: b", "far: {points: some, data: b", {"points", "is all, or seen"});
}

TEST_F(StudyFile, ValuesThatCannotBe) {
    expect_error("\"[{target}]\"", "[{target}]", {"recipes.oracle.set.data.train", "in quotes"});
    expect_error("far: {data: b}", "far: {data: both}", {"one data set"});
    expect_error("jobs: 2", "jobs: 0", {"jobs", "1 to 1024"});
    expect_error("seeds: [3, 5]", "seeds: []", {"seeds", "at least one"});
    expect_error("seeds: [3, 5]", "seeds: [3, -5]", {"0 or above"});
    expect_error("frames: 2, interval", "frames: 0, interval", {"1 or above"});
    expect_error("  plain:", "  pl/ain:", {"'pl/ain' is no name"});
    expect_error("  plain:", "  ..:", {"'..' is no name"});
}

}  // namespace
}  // namespace distillar::test
