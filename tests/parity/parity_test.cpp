#include "parity/parity.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>

#include "models/dinov2.hpp"
#include "models/state.hpp"
#include "parity/made_case.hpp"
#include "support/data.hpp"

namespace distillar::test {
namespace {

namespace fs = std::filesystem;

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// Multiplies the first element of a float32 tensor, or adds where it is 0.
void disturb(formats::SafeTensors& file, const std::string& name, float factor) {
    auto values = formats::to_floats(file.tensors.at(name), name);
    values[0] = values[0] == 0 ? factor : values[0] * factor;
    file.tensors[name] =
        formats::make_tensor(std::span<const float>(values), file.tensors.at(name).shape);
}

TEST(Parity, ReadsEverySizeFromTheCase) {
    using models::Activation;
    using models::HeadKind;
    using models::Norm;
    struct Variant {
        HeadKind head;
        Norm norm;
        Activation activation;
        int channels, depth, inputs, neighbors, classes;
        std::vector<geometry::PlaneGrid> grids;
        std::vector<std::int64_t> lengths;
    };
    const std::vector<Variant> variants{
        {HeadKind::linear, Norm::layer, Activation::relu, 6, 2, 4, 5, 3, {{2, 9, 7}}, {40}},
        {HeadKind::mlp,
         Norm::layer,
         Activation::gelu,
         10,
         3,
         5,
         16,
         4,
         {{2, 9, 7}, {1, 9, 3}},
         {50, 50}},
        {HeadKind::bn_linear,
         Norm::batch,
         Activation::relu,
         8,
         4,
         6,
         8,
         19,
         {{2, 5, 6}, {1, 5, 2}, {0, 6, 2}},
         {30, 30, 30}},
        {HeadKind::bn_linear, Norm::layer, Activation::gelu, 12, 1, 3, 1, 2, {{2, 30, 30}}, {64}},
    };
    for (const Variant& variant : variants) {
        const TemporaryFolder folder;
        MadeCase made;
        made.backbone.norm = variant.norm;
        made.backbone.activation = variant.activation;
        made.backbone.channels = variant.channels;
        made.backbone.depth = variant.depth;
        made.backbone.input_channels = variant.inputs;
        made.head = {variant.head, variant.channels, variant.classes,
                     variant.head == HeadKind::mlp ? 9 : 0};
        made.grids = variant.grids;
        made.lengths = variant.lengths;
        made.neighbors = variant.neighbors;
        const auto files = write_case(folder.path(), made);
        const auto result = parity(files.weights, files.reference);
        EXPECT_EQ(result.code, 0) << result.output;
        EXPECT_TRUE(contains(result.output, "steps.loss")) << result.output;
        EXPECT_TRUE(contains(result.output, "train.state.embed.norm.running_var"));
        EXPECT_TRUE(contains(result.output, "train.grad.embed.conv2.0.bias"));
    }
}

TEST(Parity, PaddingIsNotCompared) {
    const TemporaryFolder folder;
    MadeCase made = small_case();
    made.lengths = {25, 40};
    made.training = false;
    const auto files = write_case(folder.path(), made);
    change_file(files.reference, [](formats::SafeTensors& file) {
        auto tokens = models::to_torch(file.tensors.at("eval.tokens")).clone();
        tokens[0].slice(1, 25).fill_(1e6);
        file.tensors["eval.tokens"] = models::from_torch(tokens);
    });
    const auto result = parity(files.weights, files.reference);
    EXPECT_EQ(result.code, 0) << result.output;
}

TEST(Parity, EveryKindOfDifferenceFails) {
    for (const std::string name :
         {"eval.embedding", "eval.tokens", "eval.logits", "train.logits", "train.loss",
          "train.grad.feat", "train.grad.classif.weight", "train.state.embed.norm.running_mean",
          "steps.loss", "train.grad.embed.conv2.0.bias"}) {
        const TemporaryFolder folder;
        const auto files = write_case(folder.path(), small_case());
        change_file(files.reference,
                    [&](formats::SafeTensors& file) { disturb(file, name, 1e6F); });
        const auto result = parity(files.weights, files.reference);
        EXPECT_EQ(result.code, 1) << name;
        EXPECT_TRUE(contains(result.output, "FAIL")) << name;
        EXPECT_TRUE(contains(result.output, "FAIL: ")) << name;
    }
}

TEST(Parity, NotANumberFails) {
    const TemporaryFolder folder;
    const auto files = write_case(folder.path(), small_case());
    change_file(files.reference,
                [](formats::SafeTensors& file) { disturb(file, "eval.logits", std::nanf("")); });
    EXPECT_EQ(parity(files.weights, files.reference).code, 1);
}

TEST(Parity, WrongActivationIsADifference) {
    const TemporaryFolder folder;
    const auto files = write_case(folder.path(), small_case());
    change_file(files.reference,
                [](formats::SafeTensors& file) { file.metadata["activation"] = "gelu"; });
    EXPECT_EQ(parity(files.weights, files.reference).code, 1);
}

TEST(Parity, WeightsOfAnotherNetworkAreNamed) {
    const TemporaryFolder folder;
    const TemporaryFolder other;
    const auto files = write_case(folder.path(), small_case());
    MadeCase wide = small_case();
    wide.backbone.channels = 8;
    wide.head.inputs = 8;
    auto result = parity(write_case(other.path(), wide).weights, files.reference);
    EXPECT_EQ(result.code, 2);
    EXPECT_TRUE(contains(result.output, "channels 8, the case has 6")) << result.output;

    MadeCase normed = small_case();
    normed.backbone.norm = models::Norm::batch;
    result = parity(write_case(other.path(), normed).weights, files.reference);
    EXPECT_EQ(result.code, 2);
    EXPECT_TRUE(contains(result.output, "batchnorm")) << result.output;

    MadeCase same = small_case();  // the same sizes, other numbers
    const auto twin = write_case(other.path(), same);
    change_file(twin.weights, [](formats::SafeTensors& file) {
        disturb(file, "waffleiron.channel_mix.1.mlp.2.weight", 30);
    });
    EXPECT_EQ(parity(twin.weights, files.reference).code, 1);
}

TEST(Parity, MissingKeysAreNamed) {
    const TemporaryFolder folder;
    const auto files = write_case(folder.path(), small_case());
    change_file(files.weights, [](formats::SafeTensors& file) {
        file.tensors.erase("waffleiron.spatial_mix.1.scale.weight");
    });
    auto result = parity(files.weights, files.reference);
    EXPECT_EQ(result.code, 2);
    EXPECT_TRUE(contains(result.output, "waffleiron.spatial_mix.1.scale.weight"));

    const auto again = write_case(folder.path(), small_case());
    change_file(again.reference, [](formats::SafeTensors& file) { file.tensors.erase("lengths"); });
    result = parity(again.weights, again.reference);
    EXPECT_EQ(result.code, 2);
    EXPECT_TRUE(contains(result.output, "lengths")) << result.output;
}

TEST(Parity, UnknownKindsAndTruncatedFilesSaySo) {
    const TemporaryFolder folder;
    const std::vector<float> values{1, 2};
    formats::write_safetensors(
        folder / "u.safetensors",
        {{"mystery", formats::make_tensor(std::span<const float>(values), {2})}});
    auto result = parity({}, folder / "u.safetensors");
    EXPECT_EQ(result.code, 2);
    EXPECT_TRUE(contains(result.output, "mystery")) << result.output;

    const auto files = write_case(folder.path(), small_case());
    const auto bytes = read_bytes(files.reference);
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{5}, bytes.size() / 2, bytes.size() - 1}) {
        write_bytes(files.reference, bytes.substr(0, size));
        result = parity(files.weights, files.reference);
        EXPECT_EQ(result.code, 2) << size;
        EXPECT_TRUE(contains(result.output, "made.case.safetensors")) << result.output;
    }
}

TEST(Parity, FilesThatAKindNeedsOrRefusesAreNamed) {
    const TemporaryFolder folder;
    const auto files = write_case(folder.path(), small_case());
    EXPECT_TRUE(contains(parity({}, files.reference).output, "needs its weights"));
    EXPECT_TRUE(contains(parity(files.weights, files.reference, "scan.bin").output, "--cloud"));
    const std::vector<double> factors{0, 1};
    formats::write_safetensors(
        folder / "s.safetensors",
        {{"warmup_cosine", formats::make_tensor(std::span<const double>(factors), {2})}},
        {{"warmup_cosine", R"({"warmup": 1, "steps": 2, "factor_min": 0})"}});
    EXPECT_EQ(parity({}, folder / "s.safetensors").code, 0);
    EXPECT_TRUE(contains(parity(files.weights, folder / "s.safetensors").output, "no weights"));
    change_file(folder / "s.safetensors", [](formats::SafeTensors& file) {
        file.metadata["warmup_cosine"] = R"({"warmup": 1, "steps": 2})";
    });
    EXPECT_TRUE(contains(parity({}, folder / "s.safetensors").output, "factor_min"));
}

TEST(Parity, DinoV2WithRegistersAndSwiGlu) {
    const TemporaryFolder folder;
    torch::manual_seed(5);
    models::DinoV2Config config;
    config.dim = 24;
    config.depth = 2;
    config.heads = 3;
    config.positions = 4;
    config.registers = 2;
    config.swiglu = true;
    models::DinoV2 network(config);
    const torch::NoGradGuard no_grad;
    for (auto& parameter : network.parameters()) {
        parameter.normal_(0, 0.2);
    }
    formats::write_safetensors(folder / "d.safetensors", models::state_of(network));
    const auto image = torch::rand({1, 3, 28, 42});
    const auto output = network.forward(image);
    formats::SafeTensors file;
    file.tensors["0.image"] = models::from_torch(image);
    file.tensors["0.x_pre_norm"] = models::from_torch(output.pre_norm);
    file.tensors["0.x_norm"] = models::from_torch(output.norm);
    formats::write_safetensors(folder / "d.case.safetensors", file.tensors,
                               {{"heads", "3"}, {"dim", "24"}});
    auto result = parity(folder / "d.safetensors", folder / "d.case.safetensors");
    EXPECT_EQ(result.code, 0) << result.output;
    EXPECT_TRUE(contains(result.output, "0.x_norm"));
    change_file(folder / "d.case.safetensors",
                [](formats::SafeTensors& content) { content.metadata["dim"] = "32"; });
    result = parity(folder / "d.safetensors", folder / "d.case.safetensors");
    EXPECT_EQ(result.code, 2);
    EXPECT_TRUE(contains(result.output, "dim is 24, the case has 32")) << result.output;
}

TEST(Parity, PreprocessingCaseThatDiffersFails) {
    DISTILLAR_REFERENCE_OR_SKIP(reference);
    DISTILLAR_DATA_OR_SKIP(data);
    const TemporaryFolder folder;
    const auto made = folder / "p.safetensors";
    fs::copy_file(reference / "preprocess_nuscenes.safetensors", made);
    fs::permissions(made, fs::perms::owner_all);
    fs::path scan;
    for (const auto& entry : fs::directory_iterator(data / "nuscenes/samples/LIDAR_TOP")) {
        scan = entry.path();
    }
    const auto cameras = data / "nuscenes" / "cameras.json";
    EXPECT_EQ(parity({}, made, scan, cameras).code, 0);
    // Without cameras the pairs are left out, saying so.
    const auto without = parity({}, made, scan);
    EXPECT_EQ(without.code, 0);
    EXPECT_TRUE(contains(without.output, "give --cameras"));
    change_file(made, [](formats::SafeTensors& file) {
        auto pairs = models::to_torch(file.tensors.at("pairs.CAM_BACK")).clone();
        pairs[7][1] += 1;
        file.tensors["pairs.CAM_BACK"] = models::from_torch(pairs);
    });
    const auto moved = parity({}, made, scan, cameras);
    EXPECT_EQ(moved.code, 1) << moved.output;
    EXPECT_TRUE(contains(moved.output, "1.00e+00")) << moved.output;
    change_file(made, [](formats::SafeTensors& file) { file.metadata["voxel"] = "0.2"; });
    EXPECT_EQ(parity({}, made, scan).code, 1);
    const auto kitti = data / "semantickitti/sequences/00/velodyne/000000.bin";
    EXPECT_TRUE(contains(parity({}, made, kitti).output, "give the case's scan"));
}

int run_program(const std::string& arguments) {
    const std::string command =
        std::string(DISTILLAR_PARITY) + " " + arguments + " >/dev/null 2>&1";
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(ParityProgram, ExitCodesAreAsDocumented) {
    const TemporaryFolder folder;
    const auto files = write_case(folder.path(), small_case());
    const std::string both = files.weights.string() + " " + files.reference.string();
    EXPECT_EQ(run_program(both), 0);
    change_file(files.reference,
                [](formats::SafeTensors& file) { disturb(file, "eval.logits", 2); });
    EXPECT_EQ(run_program(both), 1);
    EXPECT_EQ(run_program(""), 2);
    EXPECT_EQ(run_program("--nonsense " + both), 2);
    EXPECT_EQ(run_program("a b c"), 2);
    EXPECT_EQ(run_program("not-there.safetensors"), 2);
    EXPECT_EQ(run_program("--help"), 0);
}

}  // namespace
}  // namespace distillar::test
