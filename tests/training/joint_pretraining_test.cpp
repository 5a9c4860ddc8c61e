// Distillation over several data sets, and through the feature cache.
#include <gtest/gtest.h>

#include "formats/model_file.hpp"
#include "support/data.hpp"
#include "support/made_log.hpp"
#include "training/made_module.hpp"
#include "training/stages.hpp"

namespace distillar::training {
namespace {

namespace fs = std::filesystem;

class JointPretraining : public testing::Test {
protected:
    void SetUp() override {
        test::make_log(folder_ / "log", 4, 1);
        test::make_log(folder_ / "made", 3);
        const fs::path sequence = folder_ / "kitti/sequences/00";  // as SemanticKITTI has it
        fs::create_directories(sequence);
        fs::rename(folder_ / "made/lidar", sequence / "velodyne");
        fs::rename(folder_ / "made/front", sequence / "image_2");
        test::write_bytes(sequence / "calib.txt",
                          "P2: 40 0 32 0 0 40 16 0 0 0 1 0\nTr: 0 -1 0 0 0 0 -1 0 1 0 0 0\n");
        test::write_module(folder_ / "pooled.pt");
    }
    PretrainConfig config(const std::vector<std::string>& overrides = {}) {
        const std::string root = folder_.path().string();
        auto made = load_config<PretrainConfig>(
            test::write_bytes(folder_ / "c.yaml",
                              "distillar-config: 1\n"
                              "model:\n"
                              "  backbone: {channels: 16, depth: 3}\n"
                              "  input: {features: [x, y, z, radius], cell: 1.0,\n"
                              "          fov: [[-16, -16, -4], [16, 16, 6]]}\n"
                              "teacher: {kind: torchscript, weights: " +
                                  root + "/pooled.pt, features: " + root +
                                  "/cache, height: 32, width: 64}\n"
                                  "batch: 2\nsteps: 8\nlog_every: 1\nschedule: {warmup_steps: 2}\n"
                                  "data: {train: [{format: log, path: " +
                                  root + "/log, weight: 2}, {format: semantickitti, path: " + root +
                                  "/kitti}]}\n"),
            overrides);
        made.teacher.trusted = true;
        return made;
    }
    fs::path run(const std::string& name) const { return folder_ / ("runs/" + name); }
    std::map<fs::path, std::string> cached() const {
        std::map<fs::path, std::string> files;
        for (const auto& entry : fs::recursive_directory_iterator(folder_ / "cache")) {
            if (entry.is_regular_file()) {
                files[entry.path()] = test::read_bytes(entry.path());
            }
        }
        return files;
    }
    test::TemporaryFolder folder_;
};

TEST_F(JointPretraining, TwoFormatsWithWeightsAndAFrameThatNoCameraSaw) {
    pretrain(config(), run("a"), [] {});
    const auto origin = formats::read_model(run("a") / "model.safetensors").description.provenance;
    EXPECT_EQ(origin.data_sets, (std::vector<std::string>{"log", "semantickitti"}));
    const std::string log = test::read_bytes(run("a") / "log.txt");
    EXPECT_NE(log.find("log: 4 frames, 8 of the 11 samples an epoch"), std::string::npos) << log;
}

TEST_F(JointPretraining, TheSecondRunReadsTheCacheAndEndsWithTheSameBits) {
    for (const char* pca : {"0", "3"}) {
        const std::vector<std::string> keys{std::string("teacher.pca=") + pca};
        pretrain(config(keys), run(std::string("first-") + pca), [] {});
        const auto before = cached();
        pretrain(config(keys), run(std::string("second-") + pca), [] {});
        EXPECT_EQ(cached(), before);
        EXPECT_EQ(test::read_bytes(run(std::string("first-") + pca) / "model.safetensors"),
                  test::read_bytes(run(std::string("second-") + pca) / "model.safetensors"));
    }
    const auto reduced = formats::read_model(run("first-3") / "model.safetensors").description;
    EXPECT_EQ(reduced.head.outputs, 3);
    EXPECT_EQ(reduced.provenance.teacher, "torchscript pooled 32x64 imagenet centres PCA 3");
}

TEST_F(JointPretraining, ADataSetWithoutImagesIsSaidBeforeTheStart) {
    auto blind = config();
    blind.train[1].with_cameras = false;
    bool started = false;
    const auto error =
        test::error_of([&] { pretrain(blind, run("blind"), [&] { started = true; }); });
    EXPECT_NE(error.find("semantickitti: none of its 3 frames has a camera image"),
              std::string::npos)
        << error;
    EXPECT_FALSE(started);
    EXPECT_FALSE(fs::exists(run("blind")));
}

}  // namespace
}  // namespace distillar::training
