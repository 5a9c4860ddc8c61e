// distillar-as-log, run as a program.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <cstring>

#include "datasets/dataset.hpp"
#include "support/data.hpp"

namespace distillar::test {
namespace {

class AsLog : public testing::Test {
protected:
    void SetUp() override {
        for (const float shift : {0.0F, 5.0F}) {
            const std::vector<float> values{1 + shift, 2, -1.5F, 0.25F, -3, 4 + shift, 0.5F, 0.75F};
            std::string bytes(values.size() * sizeof(float), '\0');
            std::memcpy(bytes.data(), values.data(), bytes.size());
            const std::string name = shift > 0 ? "000001" : "000000";
            write_bytes(folder_ / "kitti/sequences/00/velodyne" / (name + ".bin"), bytes);
            write_bytes(folder_ / "kitti/sequences/00/labels" / (name + ".label"),
                        std::string(8, '\1'));
        }
    }

    int run(const std::string& more = "") const {
        const std::string command = std::string(DISTILLAR_AS_LOG) + " " +
                                    (folder_ / "kitti").string() +
                                    " --format semantickitti --out " + (folder_ / "log").string() +
                                    more + " 2>" + (folder_ / "errors.txt").string();
        const int status = std::system(command.c_str());
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    std::string errors() const { return read_bytes(folder_ / "errors.txt"); }

    TemporaryFolder folder_;
};

TEST_F(AsLog, TheScansAreTheSameAndNothingElseIsThere) {
    ASSERT_EQ(run(), 0) << errors();
    datasets::Selection kitti, log;
    kitti.path = folder_ / "kitti";
    kitti.format = "semantickitti";
    log.path = folder_ / "log";
    log.format = "log";
    const auto before = datasets::open_dataset(kitti), after = datasets::open_dataset(log);
    ASSERT_EQ(after->size(), 2U);
    for (std::size_t i = 0; i < 2; ++i) {
        const auto from = before->read(i), to = after->read(i);
        EXPECT_EQ(from.points, to.points);
        EXPECT_EQ(from.intensity, to.intensity);
        EXPECT_FLOAT_EQ(from.intensity_scale.mean, to.intensity_scale.mean);
        EXPECT_FLOAT_EQ(from.intensity_scale.deviation, to.intensity_scale.deviation);
        EXPECT_FLOAT_EQ(from.sensor_height, to.sensor_height);
        EXPECT_FALSE(from.labels.empty());
        EXPECT_TRUE(to.labels.empty());
        EXPECT_TRUE(to.views.empty());
    }
}

TEST_F(AsLog, NothingIsOverwritten) {
    ASSERT_EQ(run(), 0) << errors();
    EXPECT_EQ(run(), 2);
    EXPECT_NE(errors().find("is there already"), std::string::npos) << errors();
}

}  // namespace
}  // namespace distillar::test
