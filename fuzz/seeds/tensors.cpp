/// Safetensors, models, feature files, and what the writer's target makes of bytes.
#include "formats/bytes.hpp"
#include "formats/model_json.hpp"
#include "formats/safetensors.hpp"
#include "fuzz/seeds/seeds.hpp"

namespace distillar::fuzz {

namespace {

formats::ModelFile model() {
    formats::ModelFile made;
    auto& description = made.description;
    description.backbone = {"waffleiron", 2, 1, "batchnorm", "gelu"};
    description.input.features = {"x", "y", "z", "height"};
    description.input.voxel = 0.15F;
    description.input.neighbors = 8;
    description.input.fov = {{-50, -50, -3}, {50.5F, 50, 2}};
    description.input.grids = {{2, 250, 250}, {0, 250, 12}};
    description.head = {"bn_mlp", 2, 48};
    description.class_set = "two";
    description.classes = {{"road", {1, 2, 3}}, {"rest", {255, 0, 9}}};
    description.sensor = {"published", 1.73F, {0.25F, 0.5F}};
    description.provenance = {"probe", "abc", {"pandaset"}, "DINOv2", "Apache-2.0", "CC BY", "0.1"};
    const std::vector<float> values{1, 2, 3, 4};
    made.tensors["classif.3.bias"] = formats::make_tensor(std::span<const float>(values), {4});
    return made;
}

void add_model(const Seeds& seeds, const std::string& name, const formats::ModelFile& made) {
    formats::write_model(seeds.path("model", name), made);
    seeds.add("model", name + "-json", formats::description_to_json(made.description, name));
}

void add_models(const Seeds& seeds) {
    add_model(seeds, "plain", model());
    auto quantized = model();
    quantized.description.quantization = {{"kitti:/data"}, 12, 0.995F};
    const std::vector<float> steps(2, 0.5F);
    quantized.int8_scales = formats::Int8Scales{steps, {formats::Int8Scales::Layer{steps, steps}}};
    add_model(seeds, "quantized", quantized);
    auto fused = model();
    fused.description.fusion = {"gate", 8, 4, 1, 0, "f"};
    add_model(seeds, "fused", fused);
}

void add_feature_file(const Seeds& seeds) {
    const std::vector<float> values{1, 2, 3, 4, 5, 6, 7, 8};
    formats::write_safetensors(seeds.path("feature_file", "small"),
                               {{"features", formats::make_half_tensor(values, {2, 2, 2})}},
                               {{"image_width", "12"},
                                {"image_height", "8"},
                                {"teacher", "t"},
                                {"weights_licence", "MIT"}});
}

}  // namespace

void add_tensors(const Seeds& seeds) {
    formats::Tensors tensors;
    const std::vector<std::uint8_t> bytes{1, 2, 3};
    const std::vector<float> floats{1, 2, 3, 4};
    tensors["a.bytes"] = formats::make_tensor(bytes, {3});
    tensors["b.floats"] = formats::make_tensor(floats, {2, 2});
    tensors["c.halves"] = formats::make_half_tensor(floats, {4});
    tensors["empty"] = formats::make_tensor(std::span<const float>{}, {0, 4});
    formats::write_safetensors(seeds.path("safetensors", "small"), tensors, {{"k\"ey", "v\nb"}});
    seeds.add("safetensors", "header",
              R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"__metadata__":{"k":"v"}})");
    const auto number = [](int value) { return test::le(static_cast<std::uint16_t>(value)); };
    seeds.add("safetensors_writer", "two",
              number(2) + number(3) + "a.b" + number(1) + number(2) + number(1) + number(2) +
                  "12345678" + number(1) + "c" + number(8) + number(0) + "9" + number(1) +
                  number(3) + "key" + number(5) + "value");
    add_models(seeds);
    add_feature_file(seeds);
}

}  // namespace distillar::fuzz
