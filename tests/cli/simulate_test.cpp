#include <filesystem>

#include "cli/program.hpp"
#include "support/data.hpp"

namespace distillar::test {

namespace fs = std::filesystem;

namespace {

/// The smallest simulation there is: one lidar of 16 beams, no camera.
std::vector<std::string> simulate(const fs::path& out, std::vector<std::string> more = {}) {
    std::vector<std::string> words{"simulate", "--city", "a", "--rig", "vlp16", "--frames",
                                   "2",        "--seed", "1", "--out", out};
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

/// The same with one option changed.
std::vector<std::string> with(std::vector<std::string> words, const std::string& option,
                              const std::string& value) {
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        if (words[i] == option) {
            words[i + 1] = value;
        }
    }
    return words;
}

}  // namespace

class SimulateCommand : public testing::Test {
protected:
    TemporaryFolder folder_;
    fs::path out_ = folder_ / "city";
};

TEST_F(SimulateCommand, MakesALogThatInfoReads) {
    const Outcome made = run_program(simulate(out_));
    EXPECT_EQ(made.code, 0) << made.err;
    EXPECT_NE(made.out.find("frames          2\n"), std::string::npos) << made.out;
    const Outcome info = run_program({"info", out_});
    EXPECT_EQ(info.code, 0) << info.err;
    EXPECT_NE(info.out.find("vlp16"), std::string::npos) << info.out;

    const Outcome more = run_program(with(simulate(out_, {"--quiet"}), "--frames", "3"));
    EXPECT_EQ(more.code, 0) << more.err;
    EXPECT_EQ(more.out + more.err, "");
    EXPECT_TRUE(fs::exists(out_ / "lidar/000002.pcd"));
}

TEST_F(SimulateCommand, SameBytesForAnyNumberOfThreads) {
    ASSERT_EQ(run_program(simulate(folder_ / "one", {"--threads", "1"})).code, 0);
    ASSERT_EQ(run_program(simulate(folder_ / "three", {"--threads", "3"})).code, 0);
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / "one")) {
        if (entry.is_regular_file()) {
            const auto name = entry.path().lexically_relative(folder_ / "one");
            EXPECT_EQ(read_bytes(entry.path()), read_bytes(folder_ / "three" / name)) << name;
        }
    }
}

TEST_F(SimulateCommand, UnknownNamesHaveTheNearest) {
    expect_one_line_error(with(simulate(out_), "--city", "aa"), 2,
                          {"there is no city 'aa'", "did you mean 'a'?"});
    expect_one_line_error(with(simulate(out_), "--rig", "vpl16"), 2,
                          {"there is no rig 'vpl16'", "did you mean 'vlp16'?"});
    expect_one_line_error(simulate(out_, {"--format", "logs"}), 2,
                          {"no such layout", "did you mean 'log'?"});
    expect_one_line_error(simulate(out_, {"--sede", "3"}), 2,
                          {"unknown option --sede", "did you mean --seed?"});
    EXPECT_FALSE(fs::exists(out_));
}

TEST_F(SimulateCommand, LayoutThatDoesNotFitNamesLog) {
    expect_one_line_error(simulate(out_, {"--format", "nuscenes"}), 2,
                          {"does not fit the rig vlp16", "--format log"});
    expect_one_line_error(simulate(out_, {"--sequence", "01"}), 2, {"a log has no sequences"});
}

TEST_F(SimulateCommand, RigAndSensorFilesOfOnesOwn) {
    const auto rig = write_bytes(folder_ / "my/van.yaml",
                                 "title: van\n"
                                 "interval: 0.1\n"
                                 "layouts: [log]\n"
                                 "lidars:\n"
                                 "  top: {sensor: vlp61, position: [1, 0, 2]}\n");
    expect_one_line_error(with(simulate(out_), "--rig", rig), 2,
                          {"van.yaml: line 5: lidars.top.sensor", "did you mean 'vlp16'?"});
    write_bytes(rig, "title: van\nintervall: 0.1\n");
    expect_one_line_error(with(simulate(out_), "--rig", rig), 2,
                          {"van.yaml: line 2", "did you mean 'interval'?"});
}

TEST_F(SimulateCommand, FolderThatHoldsSomethingElse) {
    write_bytes(out_ / "holiday.jpg", "x");
    expect_one_line_error(simulate(out_), 2, {"holds something else (holiday.jpg)", "--out"});
}

TEST_F(SimulateCommand, FolderThatHoldsAnotherSimulation) {
    ASSERT_EQ(run_program(simulate(out_)).code, 0);
    expect_one_line_error(with(simulate(out_), "--seed", "2"), 2,
                          {"seed: this folder holds a simulation with 1, not 2"});
}

TEST_F(SimulateCommand, FolderThatCannotBeWritten) {
    write_bytes(folder_ / "file", "x");
    expect_one_line_error(simulate(folder_ / "file"), 2, {"is a file"});
    expect_one_line_error(simulate(folder_ / "file/below"), 2, {"cannot be made"});
}

TEST_F(SimulateCommand, NumbersThatCannotBe) {
    expect_one_line_error(with(simulate(out_), "--frames", "0"), 2, {"--frames 0"});
    expect_one_line_error(with(simulate(out_), "--frames", "many"), 2, {"--frames"});
    expect_one_line_error(with(simulate(out_), "--seed", "-1"), 2, {"--seed"});
    expect_one_line_error(simulate(out_, {"--interval", "0"}), 2, {"--interval"});
    EXPECT_FALSE(fs::exists(out_));
}

}  // namespace distillar::test
