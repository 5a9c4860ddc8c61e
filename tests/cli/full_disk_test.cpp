// A disk that is full while a training saves: a small tmpfs, where one may be mounted.
#include <sys/mount.h>

#include <filesystem>

#include "cli/labelled_log.hpp"
#include "cli/program.hpp"
#include "support/data.hpp"

namespace distillar::test {
namespace {

namespace fs = std::filesystem;

/// A tmpfs of so many kilobytes as long as it lives; there() is false where that is not allowed.
class SmallDisk {
public:
    SmallDisk(fs::path folder, int kilobytes) : folder_(std::move(folder)) {
        fs::create_directories(folder_);
        there_ = mount("tmpfs", folder_.c_str(), "tmpfs", 0, size_of(kilobytes).c_str()) == 0;
    }
    ~SmallDisk() {
        if (there_) {
            umount2(folder_.c_str(), MNT_DETACH);
        }
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    bool there() const { return there_; }
    void grow(int kilobytes) const {
        ASSERT_EQ(mount("tmpfs", folder_.c_str(), "tmpfs", MS_REMOUNT, size_of(kilobytes).c_str()),
                  0);
    }

private:
    static std::string size_of(int kilobytes) { return fmt::format("size={}k", kilobytes); }

    fs::path folder_;
    bool there_ = false;
};

TEST(FullDisk, ATrainingStopsWithItsLastCheckpointWhole) {
    const TemporaryFolder folder;
    const SmallDisk disk(folder / "disk", 400);
    if (!disk.there()) {
        GTEST_SKIP() << "a tmpfs cannot be mounted here (not root)";
    }
    make_labelled_log(folder / "log", 3);
    write_bytes(folder / "train.yaml",
                "distillar-config: 1\n"
                "model: {backbone: {channels: 16, depth: 3},\n"
                "        input: {features: [x, y, z], voxel: 0.2, cell: 1.0,\n"
                "                fov: [[-16, -16, -4], [16, 16, 6]]}}\n"
                "setting: pandaset-to-kitti8\nbatch: 1\nsteps: 40\nlog_every: 1\n"
                "checkpoint_every: 1\nkeep_checkpoints: 100\nschedule: {warmup_steps: 1}\n"
                "data: {train: [{format: log, path: " +
                    (folder / "log").string() + "}]}\n");
    const auto train = [&](const std::string& run) {
        return std::vector<std::string>{"train", "--config", folder / "train.yaml", "--run",
                                        run,     "--quiet",  "--threads",           "1"};
    };
    const std::string run = folder / "disk/run";
    expect_one_line_error(train(run), 1, {"disk/run/", "No space left on device", "free space"});
    const std::string straight = folder / "straight";
    ASSERT_EQ(run_program(train(straight)).code, 0);

    disk.grow(64 << 10);
    const Outcome more = run_program(train(run));
    ASSERT_EQ(more.code, 0) << more.err;
    EXPECT_EQ(more.err, "") << "no checkpoint was damaged";
    for (const char* file : {"model.safetensors", "metrics.jsonl"}) {
        EXPECT_EQ(read_bytes(fs::path(run) / file), read_bytes(fs::path(straight) / file)) << file;
    }
}

}  // namespace
}  // namespace distillar::test
