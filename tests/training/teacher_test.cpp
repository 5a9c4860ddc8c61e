#include "training/teacher.hpp"

#include <gtest/gtest.h>

#include "formats/safetensors.hpp"
#include "models/dinov2.hpp"
#include "models/state.hpp"
#include "support/data.hpp"
#include "support/espnetv2.hpp"
#include "support/made_log.hpp"
#include "training/made_module.hpp"

namespace distillar::training {
namespace {

namespace fs = std::filesystem;

class OpenTeacher : public testing::Test {
protected:
    TeacherConfig config(const std::string& kind, const fs::path& weights) {
        TeacherConfig made;
        made.kind = *base::enum_from<TeacherConfig::Kind>(kind);
        made.weights = weights;
        made.features = folder_ / "cache";
        made.height = 28;
        made.width = 56;
        return made;
    }
    std::string error(const TeacherConfig& wrong) {
        return test::error_of([&] { open_teacher(wrong, torch::kCPU); });
    }
    /// 48 channels: no multiple of 64.
    fs::path write_dinov2() {
        models::DinoV2Config tiny;
        tiny.dim = 48;
        tiny.depth = 1;
        tiny.heads = 3;
        tiny.positions = 2;
        torch::manual_seed(1);
        formats::write_safetensors(folder_ / "tiny.safetensors",
                                   models::state_of(models::DinoV2(tiny)));
        return folder_ / "tiny.safetensors";
    }
    test::TemporaryFolder folder_;
};

void expect_has(const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
    EXPECT_EQ(text.find('\n'), std::string::npos) << text;
}

TEST_F(OpenTeacher, OfEveryKind) {
    const auto espnet =
        open_teacher(config("espnetv2", test::write_random_espnetv2(folder_.path())), torch::kCPU);
    EXPECT_EQ(espnet->channels(), 100);
    EXPECT_EQ(espnet->cells(), 2048);
    auto dinov2 = config("dinov2", write_dinov2());
    expect_has(error(dinov2), "give the number of heads");
    dinov2.heads = 3;
    const auto three = open_cached_teacher(dinov2, torch::kCPU);
    EXPECT_EQ(three->channels(), 48);
    EXPECT_EQ(three->cells(), 2 * 4);
    dinov2.heads = 6;
    EXPECT_NE(open_cached_teacher(dinov2, torch::kCPU)->folder(), three->folder());
    dinov2.pca = 5;
    EXPECT_EQ(open_cached_teacher(dinov2, torch::kCPU)->channels(), 5);
    EXPECT_FALSE(fs::exists(folder_ / "cache")) << "nothing is written before there is a feature";
}

TEST_F(OpenTeacher, AModuleRunsOnlyIfTheCommandTrustsIt) {
    auto module = config("torchscript", test::write_module(folder_ / "pooled.pt"));
    module.height = 32;
    module.width = 64;
    expect_has(error(module), "pooled.pt: a TorchScript module is a program");
    expect_has(error(module), "--trust");
    module.trusted = true;
    EXPECT_EQ(open_teacher(module, torch::kCPU)->channels(), 6);
    const auto file =
        test::write_bytes(folder_ / "config.yaml", "teacher: {kind: torchscript, trusted: true}");
    expect_has(test::error_of([&] { load_teacher(file); }), "unknown key");
}

TEST_F(OpenTeacher, WeightsOfAnotherArchitectureAreNamed) {
    const auto espnet = test::write_random_espnetv2(folder_.path());
    expect_has(error(config("dinov2", espnet)), "random.safetensors: no key patch_embed");
    expect_has(error(config("espnetv2", write_dinov2())), "tiny.safetensors: ");
    expect_has(error(config("dinov2", test::write_module(folder_ / "m.pt"))), "m.pt: ");
    expect_has(error(config("dinov2", folder_ / "none.pth")), "none.pth: ");
    expect_has(error(config("dinov2", "")), "teacher.weights is missing");
    auto nowhere = config("dinov2", espnet);
    nowhere.features.clear();
    expect_has(error(nowhere), "teacher.features is missing");
    TeacherConfig files;
    expect_has(test::error_of([&] { open_cached_teacher(files, torch::kCPU); }), "features");
}

TEST_F(OpenTeacher, ItsKeysReadBackAndAreChecked) {
    const auto read = [](const std::string& text) {
        TeacherConfig teacher;
        base::Schema schema;
        teacher.add_to(schema);
        schema.read(base::Yaml::parse(text, "config.yaml"));
        return schema.text();
    };
    for (const char* text :
         {"{kind: dinov2, weights: w.pth, features: f, height: 448, width: 896, pre_norm: false, "
          "precision: bf16, heads: 3, pca: 64, pca_images: 9}",
          "{kind: torchscript, imagenet: false, geometry: corners}"}) {
        EXPECT_EQ(read(read(text)), read(text));
    }
    const auto refusal = [&](const char* wrong) { return test::error_of([&] { read(wrong); }); };
    expect_has(refusal("{kind: features, pca: 8}"), "pca: must be 0 for feature files");
    expect_has(refusal("{kind: dinov2, pca: -1}"), "pca: is -1, must be 0 or above");
    expect_has(refusal("{kind: dinov2, height: 0}"), "height: is 0, must be 1 to");
    expect_has(refusal("{kind: dinov3}"), "not one of: features, dinov2, espnetv2, torchscript");
}

TEST(DrawImages, TakesEveryFrameBeforeASecondCameraAndNoImageTwice) {
    const test::TemporaryFolder folder;
    test::make_log(folder / "log", 7, 2);
    datasets::Selection selection;
    selection.path = folder / "log";
    const datasets::Mixture twice({selection, selection});
    const auto all = draw_images(twice, 100);
    EXPECT_EQ(all.size(), 6U) << "one frame has none";
    EXPECT_EQ(std::set<fs::path>(all.begin(), all.end()).size(), 6U);
    const datasets::Mixture once({selection});
    const auto some = draw_images(once, 3);
    EXPECT_LE(some.size(), 3U);
    EXPECT_GE(some.size(), 2U);
    EXPECT_EQ(some, draw_images(once, 3));
}

}  // namespace
}  // namespace distillar::training
