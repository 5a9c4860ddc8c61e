// ModelDescription <-> JSON.
#include "formats/model_json.hpp"

#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "formats/json.hpp"
#include "formats/records.hpp"

namespace distillar::formats {

namespace {

using nlohmann::json;

constexpr std::size_t max_description = std::size_t{1} << 20;

/// The double with the fewest digits that rounds to this float: 0.1F is written as 0.1.
double shortest(float value) {
    std::array<char, 32> text{};
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
    double result = value;
    std::from_chars(text.data(), end, result);
    return result;
}

json input_to_json(const geometry::InputSpec& input) {
    json grids = json::array();
    for (const geometry::PlaneGrid& grid : input.grids) {
        grids.push_back({{"drop", grid.drop}, {"rows", grid.rows}, {"columns", grid.columns}});
    }
    return {{"features", input.features},
            {"voxel", shortest(input.voxel)},
            {"neighbors", input.neighbors},
            {"fov", {{"min", input.fov.min}, {"max", input.fov.max}}},
            {"grids", grids}};
}

geometry::InputSpec input_from(JsonFields fields) {
    geometry::InputSpec input;
    input.features = fields.texts("features");
    input.voxel = fields.number("voxel");
    input.neighbors = fields.integer("neighbors");
    auto fov = fields.object("fov");
    const auto low = fov.numbers("min", 3);
    const auto high = fov.numbers("max", 3);
    fov.finish();
    input.fov.min = {low[0], low[1], low[2]};
    input.fov.max = {high[0], high[1], high[2]};
    input.grids.clear();
    for (JsonFields& grid : fields.objects("grids")) {
        input.grids.push_back(
            {grid.integer("drop"), grid.integer("rows"), grid.integer("columns")});
        grid.finish();
    }
    fields.finish();
    return input;
}

json classes_to_json(const std::vector<ModelDescription::Class>& classes) {
    json list = json::array();
    for (const auto& entry : classes) {
        list.push_back({{"name", entry.name}, {"color", entry.color}});
    }
    return list;
}

std::vector<ModelDescription::Class> classes_from(std::vector<JsonFields> entries,
                                                  const std::filesystem::path& file) {
    std::vector<ModelDescription::Class> classes;
    for (JsonFields& fields : entries) {
        ModelDescription::Class entry;
        entry.name = fields.text("name");
        const auto color = fields.integers("color", 3);
        for (std::size_t i = 0; i < 3; ++i) {
            if (color[i] < 0 || color[i] > 255) {
                base::fail_in(file, "model description: class {} has a colour outside 0..255",
                              printable(entry.name));
            }
            entry.color[i] = static_cast<std::uint8_t>(color[i]);
        }
        fields.finish();
        classes.push_back(std::move(entry));
    }
    return classes;
}

json sensor_to_json(const ModelDescription::Sensor& sensor) {
    return {{"frame", sensor.frame},
            {"height", shortest(sensor.height)},
            {"intensity",
             {{"mean", shortest(sensor.intensity.mean)},
              {"deviation", shortest(sensor.intensity.deviation)}}}};
}

ModelDescription::Sensor sensor_from(JsonFields fields) {
    ModelDescription::Sensor sensor;
    sensor.frame = fields.text("frame");
    sensor.height = fields.number("height");
    auto intensity = fields.object("intensity");
    sensor.intensity.mean = intensity.number("mean");
    sensor.intensity.deviation = intensity.number("deviation");
    intensity.finish();
    fields.finish();
    return sensor;
}

json provenance_to_json(const ModelDescription::Provenance& provenance) {
    return {{"stage", provenance.stage},
            {"config_hash", provenance.config_hash},
            {"data_sets", provenance.data_sets},
            {"teacher", provenance.teacher},
            {"teacher_licence", provenance.teacher_licence},
            {"data_licence", provenance.data_licence},
            {"program_version", provenance.program_version}};
}

ModelDescription::Provenance provenance_from(JsonFields fields) {
    ModelDescription::Provenance provenance;
    provenance.stage = fields.text("stage");
    provenance.config_hash = fields.text("config_hash");
    provenance.data_sets = fields.texts("data_sets");
    provenance.teacher = fields.text("teacher");
    provenance.teacher_licence = fields.text("teacher_licence");
    provenance.data_licence = fields.text("data_licence");
    provenance.program_version = fields.text("program_version");
    fields.finish();
    return provenance;
}

json quantization_to_json(const ModelDescription::Quantization& quantization) {
    return {{"data", quantization.data},
            {"frames", quantization.frames},
            {"same_labels", shortest(quantization.same_labels)}};
}

ModelDescription::Quantization quantization_from(JsonFields fields) {
    ModelDescription::Quantization quantization;
    quantization.data = fields.texts("data");
    quantization.frames = fields.integer("frames");
    quantization.same_labels = fields.number("same_labels");
    fields.finish();
    return quantization;
}

json fusion_to_json(const ModelDescription::Fusion& fusion) {
    return {{"kind", fusion.kind},       {"image_channels", fusion.image_channels},
            {"hidden", fusion.hidden},   {"heads", fusion.heads},
            {"adapter", fusion.adapter}, {"teacher_fingerprint", fusion.teacher_fingerprint}};
}

ModelDescription::Fusion fusion_from(JsonFields fields) {
    ModelDescription::Fusion fusion;
    fusion.kind = fields.text("kind");
    fusion.image_channels = fields.integer("image_channels");
    fusion.hidden = fields.integer("hidden");
    fusion.heads = fields.integer("heads");
    fusion.adapter = fields.integer("adapter");
    fusion.teacher_fingerprint = fields.text("teacher_fingerprint");
    fields.finish();
    return fusion;
}

/// The oldest schema that holds all of it.
int schema_for(const ModelDescription& description) {
    if (description.fusion) {
        return 3;
    }
    return description.quantization ? 2 : 1;
}

/// Before anything else is looked at: a newer schema may have moved everything.
int schema_of(JsonFields& fields, const std::filesystem::path& file) {
    const int schema = fields.integer("schema");
    if (schema > ModelDescription::current_schema) {
        base::fail_in(file,
                      "model description has schema {}, this program knows schemas up to {}: use a "
                      "newer distillar",
                      schema, ModelDescription::current_schema);
    }
    if (schema < 1) {
        base::fail_in(file, "model description has schema {}: the first one is 1", schema);
    }
    return schema;
}

json parse(const std::string& text, const std::filesystem::path& file) {
    if (text.size() > max_description) {  // the tree takes some 60 times the text
        base::fail_in(file,
                      "the metadata entry \"distillar\" has {} bytes, at most {} are possible: the "
                      "file is broken",
                      text.size(), max_description);
    }
    try {
        return json::parse(text);
    } catch (const json::exception&) {
        base::fail_in(file, "the metadata entry \"distillar\" is not JSON: the file is broken");
    }
}

}  // namespace

std::string description_to_json(const ModelDescription& description,
                                const std::filesystem::path& file) {
    const auto& backbone = description.backbone;
    const auto& head = description.head;
    json value = {
        {"schema", schema_for(description)},
        {"backbone",
         {{"name", backbone.name},
          {"channels", backbone.channels},
          {"depth", backbone.depth},
          {"norm", backbone.norm},
          {"activation", backbone.activation}}},
        {"input", input_to_json(description.input)},
        {"head", {{"kind", head.kind}, {"outputs", head.outputs}, {"hidden", head.hidden}}},
        {"class_set", description.class_set},
        {"classes", classes_to_json(description.classes)},
        {"sensor", sensor_to_json(description.sensor)},
        {"provenance", provenance_to_json(description.provenance)}};
    if (description.quantization) {
        value["quantization"] = quantization_to_json(*description.quantization);
    }
    if (description.fusion) {
        value["fusion"] = fusion_to_json(*description.fusion);
    }
    try {
        return value.dump();
    } catch (const json::exception&) {
        base::fail_in(file, "a name in the model description is not UTF-8: check the class names");
    }
}

ModelDescription description_from_json(const std::string& text, const std::filesystem::path& file) {
    const json value = parse(text, file);
    JsonFields fields(value, "", file);
    ModelDescription description;
    description.schema = schema_of(fields, file);

    auto backbone = fields.object("backbone");
    description.backbone.name = backbone.text("name");
    description.backbone.channels = backbone.integer("channels");
    description.backbone.depth = backbone.integer("depth");
    description.backbone.norm = backbone.text("norm");
    description.backbone.activation = backbone.text("activation");
    backbone.finish();

    description.input = input_from(fields.object("input"));

    auto head = fields.object("head");
    description.head.kind = head.text("kind");
    description.head.outputs = head.integer("outputs");
    description.head.hidden = head.integer("hidden");
    head.finish();

    description.class_set = fields.text("class_set");
    description.classes = classes_from(fields.objects("classes"), file);
    description.sensor = sensor_from(fields.object("sensor"));
    description.provenance = provenance_from(fields.object("provenance"));
    if (description.schema == 2) {
        description.quantization = quantization_from(fields.object("quantization"));
    } else if (description.schema == 3) {
        description.fusion = fusion_from(fields.object("fusion"));
    }
    fields.finish();
    return description;
}

}  // namespace distillar::formats
