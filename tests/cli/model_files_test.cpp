// inspect and convert.
#include <nlohmann/json.hpp>

#include "cli/program.hpp"
#include "support/data.hpp"

namespace distillar::test {

namespace {

using nlohmann::json;

json inspect(const std::string& file) {
    const Outcome outcome = run_program({"inspect", file, "--json"});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return json::parse(outcome.out);
}

}  // namespace

TEST(Inspect, PublishedCheckpoints) {
    DISTILLAR_REFERENCE_OR_SKIP(reference);
    const json net = inspect(reference / "waffleiron_bn.pth");
    EXPECT_EQ(net["container"], "torch.save");
    EXPECT_EQ(net["model"]["entry"], "net");
    EXPECT_EQ(net["model"]["backbone"]["norm"], "batchnorm");
    const json plus = inspect(reference / "scalr_plus.pth");
    EXPECT_EQ(plus["model"]["entry"], "model_point");
    EXPECT_EQ(plus["model"]["backbone"]["norm"], "layernorm");
    EXPECT_EQ(plus["model"]["head"]["kind"], "mlp");
    EXPECT_EQ(inspect(reference / "downstream.pth")["model"]["head"]["kind"], "bn_linear");
}

TEST(Inspect, ImageTeacher) {
    DISTILLAR_REFERENCE_OR_SKIP(reference);
    const json report = inspect(reference / "dinov2_tiny.pth");
    EXPECT_NE(report["what"].get<std::string>().find("DINOv2"), std::string::npos);
    EXPECT_EQ(report["model"]["patch"], 14);
    EXPECT_EQ(report["model"]["dim"], 48);
}

TEST(Inspect, FeatureFile) {
    DISTILLAR_DATA_OR_SKIP(data);
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(data / "teacher_features/nuscenes")) {
        if (entry.path().extension() == ".safetensors") {
            const json report = inspect(entry.path());
            EXPECT_EQ(report["model"], json({{"rows", 32}, {"columns", 64}, {"channels", 100}}));
            EXPECT_EQ(report["tensors"][0]["dtype"], "F16");
            EXPECT_TRUE(report["metadata"].contains("teacher"));
            return;
        }
    }
    FAIL() << "no feature file";
}

TEST(Inspect, TextAndValues) {
    DISTILLAR_REFERENCE_OR_SKIP(reference);
    const Outcome outcome =
        run_program({"inspect", reference / "schedules.safetensors", "--values"});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    for (const char* part : {"metadata", "tensor", "F64", "min ", "mean "}) {
        EXPECT_NE(outcome.out.find(part), std::string::npos) << part << "\n" << outcome.out;
    }
}

TEST(Inspect, BrokenFiles) {
    const TemporaryFolder folder;
    const auto text = write_bytes(folder / "model.safetensors", "not a model");
    expect_one_line_error({"inspect", text}, 2, {"model.safetensors"});
    const auto pth = write_bytes(folder / "model.pth", "not a model");
    expect_one_line_error({"inspect", pth}, 2, {"model.pth"});
    expect_one_line_error({"inspect", folder.path()}, 2, {"distillar info"});
}

TEST(Convert, WithoutADescriptionNamesThePublishedOnes) {
    DISTILLAR_REFERENCE_OR_SKIP(reference);
    const TemporaryFolder folder;
    const std::string out = folder / "out.safetensors";
    expect_one_line_error({"convert", reference / "scalr_plus.pth", out}, 2,
                          {"--describe", "configs/published/scalr_plus.yaml"});
    EXPECT_FALSE(std::filesystem::exists(out));
}

TEST(Convert, PublishedCheckpointBecomesADescribedModel) {
    DISTILLAR_REFERENCE_OR_SKIP(reference);
    const TemporaryFolder folder;
    const std::string yaml = DISTILLAR_SOURCE_DIR "/configs/published/scalr_plus.yaml";
    const std::string out = folder / "out.safetensors";
    const Outcome outcome =
        run_program({"convert", reference / "scalr_plus.pth", out, "--describe", yaml});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const json report = inspect(out);
    EXPECT_NE(report["what"].get<std::string>().find("described model"), std::string::npos);
    EXPECT_EQ(report["model"]["backbone"]["activation"], "gelu");
    EXPECT_EQ(report["model"]["head"]["kind"], "mlp");
    const json before = inspect(reference / "scalr_plus.pth");
    EXPECT_EQ(report["model"]["backbone"]["channels"], before["model"]["backbone"]["channels"]);
    EXPECT_EQ(report["model"]["backbone"]["depth"], before["model"]["backbone"]["depth"]);

    // A described model needs no description, and stays what it is.
    const std::string again = folder / "again.safetensors";
    ASSERT_EQ(run_program({"convert", out, again}).code, 0);
    EXPECT_EQ(read_bytes(out), read_bytes(again));
}

TEST(Convert, DescriptionThatDoesNotFit) {
    DISTILLAR_REFERENCE_OR_SKIP(reference);
    const TemporaryFolder folder;
    const std::string out = folder / "out.safetensors";
    const std::string yaml = DISTILLAR_SOURCE_DIR "/configs/published/waffleiron_kitti.yaml";
    expect_one_line_error({"convert", reference / "waffleiron_bn.pth", out, "--describe", yaml}, 2,
                          {"waffleiron_kitti.yaml", "classes", "outputs"});
    const auto typo = write_bytes(folder / "typo.yaml", "backbone: {activatoin: relu}\n");
    expect_one_line_error({"convert", reference / "waffleiron_bn.pth", out, "--describe", typo}, 2,
                          {"typo.yaml", "activatoin", "activation"});
    EXPECT_FALSE(std::filesystem::exists(out));
}

}  // namespace distillar::test
