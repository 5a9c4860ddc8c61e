// segment and evaluate on the deployment runtime: precisions and devices as a user names them.
#include <filesystem>

#include "base/random.hpp"
#include "formats/kitti.hpp"
#include "kernels/packed_product.hpp"
#include "program.hpp"
#include "runtime/random_model.hpp"
#include "support/data.hpp"

namespace distillar::test {
namespace {

class PrecisionOption : public testing::Test {
protected:
    void SetUp() override {
        formats::ModelDescription description;
        description.backbone.channels = 24;
        description.backbone.depth = 3;
        description.input.fov = {{-20, -20, -4}, {20, 20, 4}};
        description.input.grids = {{2, 40, 40}, {1, 40, 8}, {0, 40, 8}};
        description.head.kind = "linear";
        description.head.outputs = 4;
        for (const char* name : {"road", "wall", "car", "tree"}) {
            description.classes.push_back({name, {}});
        }
        formats::write_model(folder_ / "m.safetensors", runtime::random_model(description, 2));

        base::Random random(1, 0, 0);
        formats::Cloud cloud;
        cloud.points.resize(4000, 3);
        for (Eigen::Index i = 0; i < cloud.points.rows(); ++i) {
            cloud.points.row(i) << random.uniform(-19, 19), random.uniform(-19, 19),
                i % 4 == 0 ? random.uniform(-1.7, 2) : -1.7;
        }
        cloud.intensity.assign(4000, 0.3F);
        formats::write_kitti_bin(folder_ / "scan.bin", cloud);
    }

    std::vector<std::string> segment(const std::string& out, std::vector<std::string> more) {
        std::vector<std::string> words{
            "segment", folder_ / "scan.bin", "--model", folder_ / "m.safetensors", "--no-ply",
            "--out",   folder_ / out};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }

    std::vector<std::uint32_t> labels(const std::string& out) {
        return formats::read_kitti_labels(folder_ / out / "scan.label").label;
    }

    TemporaryFolder folder_;
};

TEST_F(PrecisionOption, Bf16KeepsLabelsOrIsAUsageErrorBeforeWork) {
    const Outcome exact = run_program(segment("fp32", {"--precision", "fp32"}));
    ASSERT_EQ(exact.code, 0) << exact.err;
    ASSERT_EQ(run_program(segment("plain", {})).code, 0);
    const auto expected = labels("fp32");
    EXPECT_EQ(labels("plain"), expected) << "fp32 is the default";
    if (!kernels::has_bf16()) {
        expect_one_line_error(segment("bf16", {"--precision", "bf16"}), 2,
                              {"precision bf16 needs a processor", "fp32"});
        EXPECT_FALSE(std::filesystem::exists(folder_ / "bf16"));
        return;
    }
    ASSERT_EQ(run_program(segment("bf16", {"--precision", "bf16"})).code, 0);
    const auto rounded = labels("bf16");
    ASSERT_EQ(rounded.size(), expected.size());
    std::size_t same = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        same += rounded[i] == expected[i] ? 1 : 0;
    }
    EXPECT_GT(same, 3800U);
}

TEST_F(PrecisionOption, TheSameLabelsForAnyNumberOfThreads) {
    ASSERT_EQ(run_program(segment("one", {"--threads", "1"})).code, 0);
    ASSERT_EQ(run_program(segment("three", {"--threads", "3"})).code, 0);
    EXPECT_EQ(labels("one"), labels("three"));
}

TEST_F(PrecisionOption, MistakesAreUsageErrors) {
    expect_one_line_error(segment("no", {"--precision", "fp64"}), 2, {"--precision", "fp32,bf16"});
    expect_one_line_error(segment("no", {"--device", "cuda", "--precision", "bf16"}), 2,
                          {"bf16 is of the CPU", "--device cuda"});
    expect_one_line_error(segment("no", {"--device", "gpu"}), 2, {"gpu"});
    EXPECT_FALSE(std::filesystem::exists(folder_ / "no"));
}

}  // namespace
}  // namespace distillar::test
