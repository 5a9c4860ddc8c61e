// description_from_yaml: what a published checkpoint does not say about itself.
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/yaml.hpp"
#include "formats/model_json.hpp"

namespace distillar::formats {

namespace {

std::array<double, 3> corner_from(const base::Yaml& yaml) {
    const auto numbers = yaml.as<std::vector<double>>();
    if (numbers.size() != 3) {
        yaml.fail("give three numbers: x, y, z in metres");
    }
    return {numbers[0], numbers[1], numbers[2]};
}

geometry::InputSpec input_from(const base::Yaml& yaml) {
    yaml.allow_keys({"features", "voxel", "neighbors", "fov", "grids"});
    geometry::InputSpec input;
    input.features = yaml["features"].as<std::vector<std::string>>();
    input.voxel = yaml["voxel"].as<float>();
    input.neighbors = yaml["neighbors"].as<int>();
    const auto fov = yaml["fov"];
    fov.allow_keys({"min", "max"});
    input.fov = {corner_from(fov["min"]), corner_from(fov["max"])};
    input.grids = grids_from(yaml["grids"]);
    check_input(input, yaml.file());
    return input;
}

std::vector<ModelDescription::Class> classes_from(const base::Yaml& yaml, bool strict) {
    std::vector<ModelDescription::Class> classes;
    for (const auto& entry : yaml.list()) {
        if (strict) {
            entry.allow_keys({"name", "color"});
        }
        ModelDescription::Class result;
        result.name = entry["name"].as<std::string>();
        const auto color = entry["color"].as<std::vector<int>>();
        for (std::size_t i = 0; i < 3; ++i) {
            if (color.size() != 3 || color[i] < 0 || color[i] > 255) {
                entry.fail("color: give three numbers in 0..255");
            }
            result.color[i] = static_cast<std::uint8_t>(color[i]);
        }
        classes.push_back(std::move(result));
    }
    return classes;
}

/// Classes by the name of a taxonomy in configs/taxonomies, or written out.
void read_classes(const base::Yaml& yaml, ModelDescription& description) {
    const auto taxonomy = yaml.find("taxonomy");
    if (taxonomy && (yaml.has("classes") || yaml.has("class_set"))) {
        taxonomy->fail("give either a taxonomy, or class_set and classes");
    }
    if (taxonomy) {
        const auto name = taxonomy->as<std::string>();
        const auto file = base::configs_folder() / "taxonomies" / (name + ".yaml");
        if (!std::filesystem::is_regular_file(file)) {
            taxonomy->fail("there is no taxonomy " + name + ": see " + file.parent_path().string());
        }
        const auto source = base::Yaml::load(file);
        description.class_set = source["class_set"].as<std::string>();
        description.classes = classes_from(source["classes"], false);
    } else if (yaml.has("classes")) {
        description.class_set = yaml.get<std::string>("class_set", "");
        description.classes = classes_from(yaml["classes"], true);
    }
}

ModelDescription::Sensor sensor_from(const base::Yaml& yaml) {
    yaml.allow_keys({"frame", "height", "intensity"});
    ModelDescription::Sensor sensor;
    sensor.frame = yaml["frame"].as<std::string>();
    sensor.height = yaml.get<float>("height", 0);
    if (const auto intensity = yaml.find("intensity")) {
        intensity->allow_keys({"mean", "deviation"});
        sensor.intensity = {(*intensity)["mean"].as<float>(),
                            (*intensity)["deviation"].as<float>()};
    }
    check_sensor(sensor, yaml.file());
    return sensor;
}

ModelDescription::Provenance provenance_from(const base::Yaml& yaml) {
    yaml.allow_keys({"data_sets", "teacher", "teacher_licence", "data_licence"});
    ModelDescription::Provenance provenance;
    provenance.data_sets = yaml.get<std::vector<std::string>>("data_sets", {});
    provenance.teacher = yaml.get<std::string>("teacher", "");
    provenance.teacher_licence = yaml.get<std::string>("teacher_licence", "");
    provenance.data_licence = yaml.get<std::string>("data_licence", "");
    return provenance;
}

}  // namespace

std::vector<geometry::PlaneGrid> grids_from(const base::Yaml& list) {
    std::vector<geometry::PlaneGrid> grids;
    for (const auto& grid : list.list()) {
        grid.allow_keys({"drop", "rows", "columns"});
        grids.push_back(
            {grid["drop"].as<int>(), grid["rows"].as<int>(), grid["columns"].as<int>()});
    }
    return grids;
}

ModelDescription description_from_yaml(const std::filesystem::path& file) {
    const auto yaml = base::Yaml::load(file);
    yaml.allow_keys(
        {"backbone", "input", "taxonomy", "class_set", "classes", "sensor", "provenance"});
    ModelDescription description;
    const auto backbone = yaml["backbone"];
    backbone.allow_keys({"name", "activation"});
    description.backbone.name = backbone.get<std::string>("name", "waffleiron");
    description.backbone.activation = backbone["activation"].as<std::string>();
    check_name(description.backbone.name, {"waffleiron"}, "backbone.name", file);
    check_name(description.backbone.activation, {"relu", "gelu"}, "backbone.activation", file);
    description.input = input_from(yaml["input"]);
    read_classes(yaml, description);
    description.sensor = sensor_from(yaml["sensor"]);
    if (const auto provenance = yaml.find("provenance")) {
        description.provenance = provenance_from(*provenance);
    }
    description.provenance.stage = "converted";
    return description;
}

}  // namespace distillar::formats
