// segment and evaluate on the deployment runtime: precisions and devices as a user names them.
#include <algorithm>
#include <filesystem>

#include "base/random.hpp"
#include "formats/kitti.hpp"
#include "kernels/packed_product.hpp"
#include "program.hpp"
#include "small_model.hpp"
#include "support/data.hpp"

namespace distillar::test {
namespace {

class PrecisionOption : public testing::Test {
protected:
    void SetUp() override {
        const auto description = small_description(24, {"road", "wall", "car", "tree"});
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
        std::vector<std::string> words{"segment", folder_ / "scan.bin", "--no-ply", "--out",
                                       folder_ / out};
        words.insert(words.end(), more.begin(), more.end());
        if (std::find(more.begin(), more.end(), "--model") == more.end()) {
            words.insert(words.end(), {"--model", folder_ / "m.safetensors"});
        }
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

TEST_F(PrecisionOption, QuantizedModelsRunInInt8) {
    const auto quantized = (folder_ / "int8.safetensors").string();
    const std::vector<std::string> quantize{
        "quantize", "--model", folder_ / "m.safetensors", "--calibrate", folder_.path(),
        "--out",    quantized, "--same-labels",           "0.8",         "--quiet"};
    if (!kernels::has_int8()) {
        expect_one_line_error(quantize, 2, {"int8 needs a processor", "fp32"});
        return;
    }
    // One scan is measured and compared on; the answer says that this is no honest figure.
    expect_one_line_error(segment("no", {"--precision", "int8"}), 2, {"distillar quantize"});
    const Outcome outcome = run_program(quantize);
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_NE(outcome.out.find("3 of 3 layers in bytes"), std::string::npos) << outcome.out;
    EXPECT_NE(outcome.out.find("on the same scan"), std::string::npos) << outcome.out;
    ASSERT_EQ(run_program(segment("fp32", {})).code, 0);
    ASSERT_EQ(run_program(segment("int8", {"--precision", "int8", "--model", quantized})).code, 0);
    const auto expected = labels("fp32"), bytes = labels("int8");
    std::size_t same = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        same += bytes[i] == expected[i] ? 1 : 0;
    }
    EXPECT_GT(same, 3200U);
    EXPECT_LT(same, 4000U);
}

TEST_F(PrecisionOption, QuantizeSaysWhatIsMissingBeforeWork) {
    if (!kernels::has_int8()) {
        GTEST_SKIP() << "this processor has no AVX512-VNNI, and quantize says so first";
    }
    const auto model = (folder_ / "m.safetensors").string();
    expect_one_line_error({"quantize", "--model", "/no.safetensors", "--calibrate", folder_.path(),
                           "--out", folder_ / "q.safetensors"},
                          2, {"/no.safetensors"});
    expect_one_line_error({"quantize", "--model", model, "--calibrate", "/nowhere", "--out",
                           folder_ / "q.safetensors"},
                          2, {"/nowhere"});
    expect_one_line_error({"quantize", "--model", model, "--calibrate", folder_.path(), "--out",
                           folder_ / "q.safetensors", "--same-labels", "2"},
                          2, {"--same-labels"});
    EXPECT_FALSE(std::filesystem::exists(folder_ / "q.safetensors"));
}

TEST_F(PrecisionOption, TheSameLabelsForAnyNumberOfThreads) {
    ASSERT_EQ(run_program(segment("one", {"--threads", "1"})).code, 0);
    ASSERT_EQ(run_program(segment("three", {"--threads", "3"})).code, 0);
    EXPECT_EQ(labels("one"), labels("three"));
}

TEST_F(PrecisionOption, MistakesAreUsageErrors) {
    expect_one_line_error(segment("no", {"--precision", "fp64"}), 2,
                          {"--precision", "fp32,bf16,int8"});
    expect_one_line_error(segment("no", {"--device", "cuda", "--precision", "bf16"}), 2,
                          {"bf16 is of the CPU", "--device cuda"});
    expect_one_line_error(segment("no", {"--device", "gpu"}), 2, {"gpu"});
    EXPECT_FALSE(std::filesystem::exists(folder_ / "no"));
}

}  // namespace
}  // namespace distillar::test
