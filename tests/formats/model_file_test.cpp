#include "formats/model_file.hpp"

#include <gtest/gtest.h>

#include "formats/model_json.hpp"
#include "formats/safetensors.hpp"
#include "support/data.hpp"

namespace distillar::formats {
namespace {

namespace fs = std::filesystem;

/// A model of two classes, every field away from its default.
ModelFile small_model() {
    ModelFile model;
    ModelDescription& description = model.description;
    description.backbone = {"waffleiron", 32, 6, "batchnorm", "gelu"};
    description.input.features = {"x", "y", "z", "height"};
    description.input.voxel = 0.15F;
    description.input.neighbors = 8;
    description.input.fov = {{-50, -50, -3}, {50.5F, 50, 2}};
    description.input.grids = {{2, 250, 250}, {0, 250, 12}};
    description.head = {"bn_mlp", 2, 48};
    description.class_set = "two";
    description.classes = {{"road", {1, 2, 3}}, {"the rest", {255, 0, 9}}};
    description.sensor = {"published", 1.73F, {0.286138F, 0.140906F}};
    description.provenance = {"probe",  "abc123",     {"pandaset", "semantickitti"},
                              "DINOv2", "Apache-2.0", "CC BY 4.0",
                              "0.1.0"};
    const std::vector<float> values{1, 2, 3, 4};
    model.tensors["classif.3.bias"] = make_tensor(std::span<const float>(values), {4});
    return model;
}

/// A safetensors file with this "distillar" entry.
fs::path write_described(const fs::path& file, const std::string& json) {
    write_safetensors(file, {}, {{"distillar", json}});
    return file;
}

std::string json_of_small() {
    return description_to_json(small_model().description, "test");
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from << " is not in " << text;
    return text.replace(at, from.size(), to);
}

std::string error_with(const std::string& from, const std::string& to) {
    const test::TemporaryFolder folder;
    const auto file =
        write_described(folder / "m.safetensors", replaced(json_of_small(), from, to));
    const auto message = test::error_of([&] { read_model(file); });
    EXPECT_NE(message.find("m.safetensors"), std::string::npos) << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    return message;
}

TEST(ModelFile, ComesBackAsItWasWritten) {
    const test::TemporaryFolder folder;
    const ModelFile model = small_model();
    write_model(folder / "m.safetensors", model);
    const ModelFile read = read_model(folder / "m.safetensors");
    // Every field goes through the JSON text.
    EXPECT_EQ(description_to_json(read.description, "x"),
              description_to_json(model.description, "x"));
    EXPECT_EQ(read.description.schema, 1);
    EXPECT_EQ(read.description.input.voxel, 0.15F);
    EXPECT_EQ(read.description.input.fov.max[0], 50.5F);
    EXPECT_EQ(read.description.input.grids[1].columns, 12);
    EXPECT_EQ(read.description.classes[1].name, "the rest");
    EXPECT_EQ(read.description.classes[1].color[0], 255);
    EXPECT_EQ(read.description.sensor.intensity.deviation, 0.140906F);
    EXPECT_EQ(read.description.provenance.data_sets[1], "semantickitti");
    EXPECT_EQ(to_floats(read.tensors.at("classif.3.bias"), "b"), (std::vector<float>{1, 2, 3, 4}));
}

TEST(ModelFile, FloatsAreWrittenShort) {
    EXPECT_NE(json_of_small().find("\"voxel\":0.15}"), std::string::npos) << json_of_small();
}

// A file as the first release wrote it, byte by byte. It must load for ever: never change it.
TEST(ModelFile, SchemaOneLoads) {
    const std::string description =
        R"({\"schema\":1,\"backbone\":{\"name\":\"waffleiron\",\"channels\":2,\"depth\":1,)"
        R"(\"norm\":\"layernorm\",\"activation\":\"relu\"},\"input\":{\"features\":[\"intensity\",)"
        R"(\"x\",\"y\",\"z\",\"radius\"],\"voxel\":0.1,\"neighbors\":16,\"fov\":{\"min\":[-64,-64,)"
        R"(-8],\"max\":[64,64,8.0]},\"grids\":[{\"drop\":2,\"rows\":256,\"columns\":256}]},)"
        R"(\"head\":{\"kind\":\"linear\",\"outputs\":1,\"hidden\":0},\"class_set\":\"one\",)"
        R"(\"classes\":[{\"name\":\"ground\",\"color\":[140,80,150]}],\"sensor\":{\"frame\":)"
        R"(\"canonical\",\"height\":1.73,\"intensity\":{\"mean\":0,\"deviation\":1}},)"
        R"(\"provenance\":{\"stage\":\"probe\",\"config_hash\":\"\",\"data_sets\":[],)"
        R"(\"teacher\":\"\",\"teacher_licence\":\"\",\"data_licence\":\"\",)"
        R"(\"program_version\":\"0.1.0\"}})";
    std::string header = "{\"__metadata__\":{\"distillar\":\"" + description +
                         "\"},\"classif.bias\":{\"dtype\":\"F32\",\"shape\":[1],"
                         "\"data_offsets\":[0,4]}}";
    header.resize((header.size() + 7) / 8 * 8, ' ');
    std::string bytes(8, '\0');
    for (std::size_t i = 0; i < 8; ++i) {
        bytes[i] = static_cast<char>((header.size() >> (8 * i)) & 0xFF);
    }
    bytes += header;
    bytes += std::string("\0\0\xC0\x3F", 4);  // 1.5F

    const test::TemporaryFolder folder;
    const auto model = read_model(test::write_bytes(folder / "old.safetensors", bytes));
    EXPECT_EQ(model.description.schema, 1);
    EXPECT_EQ(model.description.backbone.channels, 2);
    EXPECT_EQ(model.description.input.fov.max[2], 8);
    EXPECT_EQ(model.description.classes.at(0).name, "ground");
    EXPECT_EQ(model.description.sensor.height, 1.73F);
    EXPECT_EQ(to_floats(model.tensors.at("classif.bias"), "b"), std::vector<float>{1.5F});
}

TEST(ModelFile, NewerSchemaSaysSo) {
    const auto message = error_with("\"schema\":1", "\"schema\":4");
    EXPECT_NE(message.find("schema 4"), std::string::npos) << message;
    EXPECT_NE(message.find("newer distillar"), std::string::npos) << message;
    // Whatever else it holds.
    const test::TemporaryFolder folder;
    const auto file = write_described(folder / "n.safetensors", R"({"schema": 9})");
    EXPECT_NE(test::error_of([&] { read_model(file); }).find("schema 9"), std::string::npos);
    EXPECT_NE(error_with("\"schema\":1", "\"schema\":0").find("schema 0"), std::string::npos);
}

ModelFile quantized_model() {
    ModelFile model = small_model();
    const auto channels = static_cast<std::size_t>(model.description.backbone.channels);
    const auto depth = static_cast<std::size_t>(model.description.backbone.depth);
    model.description.quantization = {{"kitti:/data"}, 12, 0.995F};
    model.int8_scales = Int8Scales{std::vector<float>(channels, 0.5F), {}};
    model.int8_scales->layers.resize(depth);
    model.int8_scales->layers.back() = {std::vector<float>(channels, 0.25F),
                                        std::vector<float>(channels, 2.0F)};
    return model;
}

TEST(ModelFile, Int8ScalesComeBack) {
    const test::TemporaryFolder folder;
    const ModelFile model = quantized_model();
    write_model(folder / "m.safetensors", model);
    const ModelFile read = read_model(folder / "m.safetensors");
    EXPECT_EQ(read.description.schema, 2);
    EXPECT_EQ(read.description.quantization->data, model.description.quantization->data);
    EXPECT_EQ(read.description.quantization->frames, 12);
    EXPECT_EQ(read.description.quantization->same_labels, 0.995F);
    ASSERT_TRUE(read.int8_scales);
    EXPECT_EQ(read.int8_scales->embedding, model.int8_scales->embedding);
    EXPECT_EQ(read.int8_scales->layers.back()->hidden, model.int8_scales->layers.back()->hidden);
    EXPECT_FALSE(read.int8_scales->layers.front());
    EXPECT_EQ(read.tensors.size(), model.tensors.size());  // the network's alone
}

std::string error_of_quantized(const std::function<void(ModelFile&)>& change) {
    const test::TemporaryFolder folder;
    ModelFile model = quantized_model();
    change(model);
    write_model(folder / "m.safetensors", model);
    return test::error_of([&] { read_model(folder / "m.safetensors"); });
}

// As when a quantized model is trained on.
TEST(ModelFile, WithoutStepsNothingSpeaksOfThem) {
    const test::TemporaryFolder folder;
    ModelFile model = quantized_model();
    model.int8_scales.reset();
    write_model(folder / "m.safetensors", model);
    const ModelFile read = read_model(folder / "m.safetensors");
    EXPECT_EQ(read.description.schema, 1);
    EXPECT_FALSE(read.description.quantization);
}

ModelFile fused_model() {
    ModelFile model = small_model();
    model.description.fusion = {"attention", 100, 64, 4, 32, "abc pca def"};
    return model;
}

TEST(ModelFile, AFusionComesBackAndNeedsItsImages) {
    const test::TemporaryFolder folder;
    write_model(folder / "m.safetensors", fused_model());
    const auto description = read_model(folder / "m.safetensors").description;
    EXPECT_EQ(description.schema, 3);
    EXPECT_EQ(description_to_json(description, "x"),
              description_to_json(fused_model().description, "x"));
    EXPECT_EQ(description.fusion->teacher_fingerprint, "abc pca def");
    EXPECT_NE(test::error_of([&] {
                  require_lidar_only(description, "m.safetensors");
              }).find("m.safetensors: is a fused model"),
              std::string::npos);
    require_lidar_only(small_model().description, "m.safetensors");
    auto bad = fused_model();
    const auto refused = [&](const char* part) {
        const auto error = test::error_of([&] { write_model(folder / "bad.safetensors", bad); });
        EXPECT_NE(error.find(part), std::string::npos) << error;
        bad = fused_model();
    };
    bad.description.fusion->kind = "sum";
    refused("fusion.kind is \"sum\"");
    bad.description.fusion->heads = 0;
    refused("fusion.heads is 0");
    bad.description.classes.clear();
    refused("a fusion without classes");
}

TEST(ModelFile, BadInt8ScalesAreNamed) {
    using test::error_of;
    const auto contains = [](const std::string& text, const char* part) {
        EXPECT_NE(text.find(part), std::string::npos) << text;
    };
    contains(error_of_quantized([](ModelFile& m) { m.int8_scales->embedding[0] = 0; }),
             "quantization.embed.steps holds 0");
    contains(error_of_quantized([](ModelFile& m) { m.int8_scales->embedding.pop_back(); }),
             "needs F32 [");
    contains(
        error_of_quantized([](ModelFile& m) { m.int8_scales->layers.back()->hidden[1] = NAN; }),
        "hidden_steps holds nan");
    contains(error_of_quantized([](ModelFile& m) { m.description.quantization.reset(); }),
             "disagree");
    contains(error_of_quantized([](ModelFile& m) {
                 m.int8_scales->layers.push_back(m.int8_scales->layers.back());
             }),
             "is not known");
    const std::vector<float> one(
        static_cast<std::size_t>(small_model().description.backbone.channels), 1.0F);
    contains(error_of_quantized([&](ModelFile& m) {
                 m.tensors["quantization.channel_mix.0.source_steps"] =
                     make_tensor(one, {static_cast<std::int64_t>(one.size())});
             }),
             "belong together");
}

TEST(ModelFile, MissingFieldIsNamed) {
    EXPECT_NE(error_with("\"depth\":6,", "").find("backbone.depth is missing"), std::string::npos);
    EXPECT_NE(error_with("\"rows\":250}", "\"row\":250}").find("input.grids[0].rows is missing"),
              std::string::npos);
    EXPECT_NE(error_with("\"schema\":1", "\"scheme\":1").find("schema is missing"),
              std::string::npos);
}

TEST(ModelFile, MistypedFieldIsNamed) {
    EXPECT_NE(error_with("\"depth\":6", "\"depth\":\"6\"").find("backbone.depth is not"),
              std::string::npos);
    EXPECT_NE(error_with("\"depth\":6", "\"depth\":6.5").find("backbone.depth is not"),
              std::string::npos);
    EXPECT_NE(error_with("\"depth\":6", "\"depth\":5000000000").find("backbone.depth is not"),
              std::string::npos);
    EXPECT_NE(error_with("\"voxel\":0.15", "\"voxel\":1e300").find("input.voxel is not"),
              std::string::npos);
    EXPECT_NE(error_with("[255,0,9]", "[255,0]").find("classes[1].color"), std::string::npos);
    EXPECT_NE(error_with("[255,0,9]", "[256,0,9]").find("0..255"), std::string::npos);
}

TEST(ModelFile, UnknownFieldIsNamed) {
    EXPECT_NE(error_with("\"depth\":6", "\"depth\":6,\"width\":3").find("backbone.width"),
              std::string::npos);
}

TEST(ModelFile, ValuesThatCannotWorkAreNamed) {
    EXPECT_NE(error_with("\"depth\":6", "\"depth\":0").find("backbone.depth is 0"),
              std::string::npos);
    EXPECT_NE(error_with("\"gelu\"", "\"swish\"").find("one of relu, gelu"), std::string::npos);
    EXPECT_NE(error_with("\"outputs\":2", "\"outputs\":3").find("2 classes"), std::string::npos);
    EXPECT_NE(error_with("\"hidden\":48", "\"hidden\":-1").find("head.hidden"), std::string::npos);
    EXPECT_NE(error_with("50.5", "-50").find("empty along x"), std::string::npos);
    EXPECT_NE(error_with("\"rows\":250", "\"rows\":2000000").find("rows"), std::string::npos);
    EXPECT_NE(error_with("\"height\"]", "\"hight\"]").find("hight"), std::string::npos);
    EXPECT_NE(error_with("\"height\"]", "\"x\"]").find("x twice"), std::string::npos);
    EXPECT_NE(error_with("0.140906", "0").find("deviation"), std::string::npos);
}

TEST(ModelFile, BrokenJsonAndPlainSafetensorsSaySo) {
    const test::TemporaryFolder folder;
    const auto broken = write_described(folder / "b.safetensors", "{\"schema\": 1,");
    EXPECT_NE(test::error_of([&] { read_model(broken); }).find("not JSON"), std::string::npos);
    const auto list = write_described(folder / "l.safetensors", "[1]");
    EXPECT_NE(test::error_of([&] { read_model(list); }).find("not an object"), std::string::npos);
    write_safetensors(folder / "p.safetensors", {}, {{"format", "pt"}});
    EXPECT_NE(test::error_of([&] {
                  read_model(folder / "p.safetensors");
              }).find("distillar convert p.safetensors"),
              std::string::npos);
}

TEST(ModelFile, NothingIsWrittenForADescriptionThatCannotWork) {
    const test::TemporaryFolder folder;
    ModelFile model = small_model();
    model.description.classes.pop_back();
    EXPECT_NE(test::error_of([&] {
                  write_model(folder / "m.safetensors", model);
              }).find("1 classes, but the head has 2"),
              std::string::npos);
    model = small_model();
    model.description.classes[0].name = "\xFF\xFE";
    EXPECT_NE(test::error_of([&] { write_model(folder / "m.safetensors", model); }).find("UTF-8"),
              std::string::npos);
    EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(ModelFile, EveryTruncationIsAnError) {
    const test::TemporaryFolder folder;
    write_model(folder / "m.safetensors", small_model());
    const auto bytes = test::read_bytes(folder / "m.safetensors");
    for (std::size_t size = 0; size < bytes.size(); size += 7) {
        const auto cut = test::write_bytes(folder / "cut.safetensors", bytes.substr(0, size));
        EXPECT_HAS(test::error_of([&] { read_model(cut); }), "cut.safetensors: ") << size;
    }
}

const char* const description_yaml = R"(
backbone: {activation: gelu}
input:
  features: [intensity, x, y, z, radius]
  voxel: 0.1
  neighbors: 16
  fov: {min: [-64, -64, -8], max: [64, 64, 8]}
  grids: [{drop: 2, rows: 256, columns: 256}]
class_set: two
classes: [{name: road, color: [1, 2, 3]}, {name: rest, color: [4, 5, 6]}]
sensor: {frame: published, height: 1.84, intensity: {mean: 18.7, deviation: 22}}
provenance: {data_sets: [nuscenes], teacher: DINOv2}
)";

TEST(ModelYaml, IsReadWithEveryField) {
    const test::TemporaryFolder folder;
    const auto read = description_from_yaml(test::write_bytes(folder / "d.yaml", description_yaml));
    EXPECT_EQ(read.backbone.activation, "gelu");
    EXPECT_EQ(read.input.features.size(), 5U);
    EXPECT_EQ(read.input.fov.min[2], -8);
    ASSERT_EQ(read.input.grids.size(), 1U);
    EXPECT_EQ(read.input.grids[0].rows, 256);
    EXPECT_EQ(read.class_set, "two");
    EXPECT_EQ(read.classes.at(1).color[2], 6);
    EXPECT_EQ(read.sensor.intensity.deviation, 22);
    EXPECT_EQ(read.provenance.stage, "converted");
    EXPECT_EQ(read.provenance.data_sets.at(0), "nuscenes");
}

std::string yaml_error(const std::string& from, const std::string& to) {
    const test::TemporaryFolder folder;
    const auto file = test::write_bytes(folder / "d.yaml", replaced(description_yaml, from, to));
    return test::error_of([&] { description_from_yaml(file); });
}

TEST(ModelYaml, MistakesAreNamed) {
    EXPECT_NE(yaml_error("voxel:", "voxels:").find("voxel"), std::string::npos);
    EXPECT_NE(yaml_error("gelu", "gelo").find("relu, gelu"), std::string::npos);
    EXPECT_NE(yaml_error("  neighbors: 16\n", "").find("neighbors"), std::string::npos);
    EXPECT_NE(yaml_error("max: [64, 64, 8]", "max: [64, 64]").find("three numbers"),
              std::string::npos);
    EXPECT_NE(yaml_error("[4, 5, 6]", "[4, 5, 600]").find("0..255"), std::string::npos);
    EXPECT_NE(yaml_error("class_set: two", "taxonomy: pandaset-pd8").find("either a taxonomy"),
              std::string::npos);
}

TEST(ModelYaml, EveryPublishedDescriptionLoads) {
    std::size_t count = 0;
    const auto configs = fs::path(DISTILLAR_SOURCE_DIR) / "configs" / "published";
    for (const auto& entry : fs::directory_iterator(configs)) {
        const auto description = description_from_yaml(entry.path());
        const bool pretrained =
            entry.path().stem() == "scalr" || entry.path().stem() == "scalr_plus";
        EXPECT_EQ(description.classes.empty(), pretrained) << entry.path();
        const auto& grid = description.input.grids.at(0);
        const double cell =
            (description.input.fov.max[0] - description.input.fov.min[0]) / grid.rows;
        EXPECT_TRUE(cell > 0.39 && cell < 0.61) << entry.path() << " " << cell;
        EXPECT_EQ(description.input.grids.size(), 3U) << entry.path();
        EXPECT_EQ(description.sensor.frame, "published") << entry.path();
        ++count;
    }
    EXPECT_GE(count, 12U);
}

}  // namespace
}  // namespace distillar::formats
