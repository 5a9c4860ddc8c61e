#include "simulation/simulate.hpp"

#include "simulation/writers/nuscenes_names.hpp"
#include "simulation/written.hpp"
#include "support/full_disk.hpp"

namespace distillar {
namespace {

namespace fs = std::filesystem;
using test::error_of;

const std::vector<std::pair<std::string, std::string>> cases{
    {"kitti", "semantickitti"}, {"nuscenes", "nuscenes"}, {"pandaset", "log"}};

/// Stops with an error when frame `last` is asked for.
void write_until(const simulation::SimulateOptions& options, const simulation::Rig& rig, int last) {
    const auto source = [&](int number) {
        if (number == last) {
            throw std::runtime_error("stopped");
        }
        return test::made_frame(rig, number);
    };
    EXPECT_EQ(error_of([&] { simulation::write_simulation(options, rig, source, [] {}); }),
              "stopped");
}

class Simulate : public testing::Test {
protected:
    simulation::SimulateOptions options_for(const std::string& name,
                                            const std::string& layout) const {
        return test::small_options(out_ / name, layout);
    }
    std::string refusal(const simulation::SimulateOptions& options, const simulation::Rig& rig) {
        return error_of([&] { test::write_made(options, rig); });
    }
    test::TemporaryFolder out_;
};

TEST_F(Simulate, InterruptedAndExtendedRunsEndInTheSameBytes) {
    for (const auto& [name, layout] : cases) {
        const auto rig = test::small_rig(name);
        auto whole = options_for(name + "-whole", layout);
        whole.frames = 5;
        test::write_made(whole, rig);

        auto pieces = options_for(name + "-pieces", layout);
        pieces.frames = 4;
        write_until(pieces, rig, 2);
        write_until(pieces, rig, 3);
        test::write_made(pieces, rig);
        pieces.frames = 5;
        std::vector<int> simulated;
        const auto report = test::write_made(pieces, rig, &simulated);
        EXPECT_EQ(simulated, std::vector<int>{4});
        EXPECT_EQ(report.kept, 4);
        EXPECT_EQ(report.frames, 5);

        const auto expected = test::files_under(whole.out);
        EXPECT_EQ(test::files_under(pieces.out), expected) << layout;
        EXPECT_GT(expected.size(), 20U);
    }
}

TEST_F(Simulate, FinishedFoldersAreLeftAsTheyAre) {
    const auto rig = test::small_rig("kitti");
    auto options = options_for("kitti", "");
    test::write_made(options, rig);
    const auto before = test::files_under(options.out);
    std::vector<int> simulated;
    options.frames = 2;  // fewer than there are
    const auto report = test::write_made(options, rig, &simulated);
    EXPECT_TRUE(simulated.empty());
    EXPECT_EQ(report.frames, 3);
    EXPECT_EQ(test::files_under(options.out), before);
}

TEST_F(Simulate, LostFilesAreMadeAgain) {
    const auto rig = test::small_rig("kitti");
    const auto options = options_for("kitti", "");
    test::write_made(options, rig);
    const auto before = test::files_under(options.out);
    fs::remove(options.out / "sequences/00/velodyne/000001.bin");
    test::write_bytes(options.out / "sequences/00/extras/frames/000002.json", "{\"index\": 2");
    std::vector<int> simulated;
    test::write_made(options, rig, &simulated);
    EXPECT_EQ(simulated, (std::vector<int>{1, 2}));
    EXPECT_EQ(test::files_under(options.out), before);
}

TEST_F(Simulate, LeftoversOfAKilledRunGo) {
    const auto rig = test::small_rig("vlp16");
    const auto options = options_for("log", "");
    write_until(options, rig, 1);
    const auto leftover = test::write_bytes(options.out / "lidar/000001.pcd.12-0.part", "half");
    test::write_made(options, rig);
    EXPECT_FALSE(fs::exists(leftover));
}

TEST_F(Simulate, UnfinishedFoldersAreReadableAsFarAsTheyGo) {
    for (const auto& [name, layout] : {cases[0], cases[1]}) {
        const auto rig = test::small_rig(name);
        const auto options = options_for(name, layout);
        write_until(options, rig, 0);
        write_until(options, rig, 2);
        // The tables are written again when the run goes on.
        write_until(options, rig, 2);
        const auto dataset = test::open_folder(options.out);
        EXPECT_EQ(dataset->size(), 2U) << layout;
        EXPECT_EQ(dataset->read(1).views.size(), rig.cameras.size());
    }
}

TEST_F(Simulate, OtherOptionsInTheSameFolderAreRefused) {
    const auto rig = test::small_rig("kitti");
    const auto options = options_for("kitti", "");
    test::write_made(options, rig);
    const auto before = test::files_under(options.out);
    auto other = options;
    other.seed = 4;
    EXPECT_HAS(refusal(other, rig), "seed: this folder holds a simulation with 3, not 4");
    other = options;
    other.city = "b";
    other.seed = 9;
    EXPECT_HAS(refusal(other, rig), "city: this folder holds a simulation with a, not b");
    other = options;
    other.start = 7;
    EXPECT_HAS(refusal(other, rig), "start: ");
    other = options;
    other.version = "0.0.1";
    EXPECT_HAS(refusal(other, rig), "version: ");
    auto slower = rig;
    slower.interval = 2;
    EXPECT_HAS(refusal(options, slower),
               "interval: this folder holds a simulation with 0.1, not 2");
    auto changed = rig;
    changed.file = test::write_bytes(out_ / "kitti.yaml", test::read_bytes(rig.file) + "\n");
    EXPECT_HAS(refusal(options, changed), "rig_file: the description was changed");
    EXPECT_EQ(test::files_under(options.out), before);
}

TEST_F(Simulate, SequencesStandBesideEachOther) {
    const auto rig = test::small_rig("hdl64e");
    auto options = options_for("kitti", "");
    test::write_made(options, rig);
    options.sequence = "01";
    options.city = "b";
    test::write_made(options, rig);
    EXPECT_EQ(test::open_folder(options.out)->size(), 6U);
}

TEST_F(Simulate, FoldersThatHoldSomethingElseAreRefused) {
    const auto kitti = test::small_rig("hdl64e");
    const auto log = test::small_rig("vlp16");
    test::write_bytes(out_ / "holiday/beach.jpg", "x");
    EXPECT_HAS(refusal(options_for("holiday", ""), log), "holds something else (beach.jpg)");
    EXPECT_HAS(refusal(options_for("holiday", ""), kitti), "holds something else (beach.jpg)");
    test::write_bytes(out_ / "real/sequences/00/velodyne/000000.bin", "x");
    EXPECT_HAS(refusal(options_for("real", ""), kitti), "holds something else");
    auto beside = options_for("real", "");
    beside.sequence = "99";
    EXPECT_HAS(refusal(beside, kitti), "holds something else (sequences/00)");
    test::write_bytes(out_ / "file", "x");
    EXPECT_HAS(refusal(options_for("file", ""), log), "is a file");
    test::write_made(options_for("log", ""), log);
    EXPECT_HAS(refusal(options_for("log", ""), kitti), "holds something else");
    EXPECT_HAS(refusal(options_for("log", "log"), kitti), "rig: this folder holds");
}

TEST_F(Simulate, NumbersThatCannotBeAreRefused) {
    const auto rig = test::small_rig("nuscenes");
    auto options = options_for("out", "");
    options.frames = 0;
    EXPECT_HAS(refusal(options, rig), "--frames 0: give 1 to");
    options = options_for("out", "");
    options.start = -1;
    EXPECT_HAS(refusal(options, rig), "--start -1");
    options = options_for("out", "");
    options.sequence = "x1";
    EXPECT_HAS(refusal(options, rig), "--sequence x1: nuscenes needs two to four digits");
    options = options_for("out", "log");
    options.sequence = "01";
    EXPECT_HAS(refusal(options, rig), "a log has no sequences");
    auto fast = rig;
    fast.interval = 0.05;
    EXPECT_HAS(refusal(options_for("out", ""), fast), "camera CAM_BACK exposes 25 ms off");
    EXPECT_HAS(refusal(options_for("out", "semantickitti"), rig), "--format log");
    EXPECT_FALSE(fs::exists(out_ / "out"));
}

TEST_F(Simulate, AFullDiskIsNamedAndLeavesNothingHalfWritten) {
    const auto rig = test::small_rig("kitti");
    const auto options = options_for("kitti", "");
    {
        const test::FullDisk full(7000);  // a scan has 8,000 bytes
        const std::string error = error_of([&] { test::write_made(options, rig); });
        EXPECT_HAS(error, "cannot be written");
        EXPECT_HAS(error, "free space");
    }
    for (const auto& [name, bytes] : test::files_under(options.out)) {
        EXPECT_FALSE(name.ends_with(".part")) << name;
        EXPECT_FALSE(name.ends_with(".bin") && name.find("velodyne") != std::string::npos) << name;
    }
    test::write_made(options, rig);
    EXPECT_EQ(test::open_folder(options.out)->size(), 3U);
}

TEST_F(Simulate, OneProcessAtATime) {
    const auto rig = test::small_rig("vlp16");
    const auto options = options_for("log", "");
    std::string inner;
    const auto source = [&](int number) {
        inner = error_of([&] { test::write_made(options, rig); });
        return test::made_frame(rig, number);
    };
    simulation::write_simulation(options, rig, source, [] {});
    EXPECT_HAS(inner, "another distillar simulate writes here");
}

}  // namespace
}  // namespace distillar
