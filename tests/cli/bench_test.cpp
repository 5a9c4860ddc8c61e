#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/random.hpp"
#include "formats/kitti.hpp"
#include "kernels/packed_product.hpp"
#include "program.hpp"
#include "support/data.hpp"

namespace distillar::test {
namespace {

using nlohmann::json;

class Bench : public testing::Test {
protected:
    void SetUp() override {
        base::Random random(1, 0, 0);
        formats::Cloud cloud;
        cloud.points.resize(3000, 3);
        for (Eigen::Index i = 0; i < cloud.points.rows(); ++i) {
            cloud.points.row(i) << random.uniform(-19, 19), random.uniform(-19, 19),
                i % 4 == 0 ? random.uniform(-1.7, 2) : -1.7;
        }
        cloud.intensity.assign(3000, 20.0F);
        formats::write_kitti_bin(folder_ / "scan.bin", cloud);
    }

    std::vector<std::string> bench(std::vector<std::string> more) {
        std::vector<std::string> words{"bench", folder_ / "scan.bin", "--quiet"};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }

    TemporaryFolder folder_;
};

TEST_F(Bench, ARandomNetworkGivesATableAndJson) {
    const std::string file = folder_ / "out" / "bench.json";
    const Outcome outcome = run_program(bench({"--channels", "16", "--layers", "2", "--threads",
                                               "1,2", "--rounds", "2", "--json", file}));
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    for (const char* word : {"WaffleIron-2-16", "1 scan,", "2 rounds", "fp32", "preprocess"}) {
        EXPECT_NE(outcome.out.find(word), std::string::npos) << word << "\n" << outcome.out;
    }
    const json report = json::parse(read_bytes(file));
    EXPECT_FALSE(report["cpu"].get<std::string>().empty());
    const auto& cases = report["cases"];
    ASSERT_EQ(cases.size() % 2, 0U);
    ASSERT_GE(cases.size(), kernels::has_bf16() ? 4U : 2U);
    EXPECT_EQ(cases[0]["precision"], "fp32");
    EXPECT_EQ(cases[0]["threads"], 1);
    EXPECT_EQ(cases[1]["threads"], 2);
    EXPECT_EQ(cases[0]["points_in"], 3000);
    EXPECT_EQ(cases[0]["same_labels"], 1.0);
    for (const char* stage : {"load", "read", "preprocess", "network", "project", "total"}) {
        const auto& seconds = cases[0]["stages"][stage];
        EXPECT_GT(seconds["p50"].get<double>(), 0) << stage;
        EXPECT_GE(seconds["p95"].get<double>(), seconds["p50"].get<double>()) << stage;
    }
    EXPECT_GT(cases[0]["gemm_limit"]["share"].get<double>(), 0);
    EXPECT_GT(cases[0]["gflops"].get<double>(), 0);
    EXPECT_TRUE(cases[0].contains("peak_memory_bytes"));
}

TEST_F(Bench, MistakesAreUsageErrorsBeforeWork) {
    expect_one_line_error(bench({"--precision", "fp64"}), 2, {"--precision", "fp32"});
    expect_one_line_error(bench({"--threads", "0"}), 2, {"--threads"});
    expect_one_line_error(bench({"--rounds", "0"}), 2, {"--rounds"});
    expect_one_line_error({"bench", "/nowhere.bin"}, 2, {"/nowhere.bin"});
    expect_one_line_error(bench({"--model", "/nowhere.safetensors"}), 2, {"/nowhere.safetensors"});
    expect_one_line_error(bench({"--model", "m.safetensors", "--layers", "2"}), 2,
                          {"--layers", "--model"});
    const auto bare = write_bytes(folder_ / "bare.ply",
                                  "ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\n"
                                  "property float y\nproperty float z\nend_header\n1 2 3\n");
    expect_one_line_error({"bench", bare, "--channels", "16", "--layers", "1"}, 2,
                          {"bare.ply", "no intensity"});
    if (!kernels::has_bf16()) {
        expect_one_line_error(bench({"--precision", "bf16"}), 2, {"precision bf16 needs"});
    }
}

}  // namespace
}  // namespace distillar::test
