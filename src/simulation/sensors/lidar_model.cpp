#include "simulation/sensors/lidar_model.hpp"

#include "datasets/named_configs.hpp"
#include "simulation/sensors/lidar_beams.hpp"
#include "simulation/sensors/sensor_yaml.hpp"

namespace distillar::simulation {

namespace {

constexpr Limits share{0, 1, "as a share"};
constexpr Limits metres{0, 1000, "metres"};
constexpr Limits exponent{0, 4, "as an exponent"};

float radians(double degrees) {
    return static_cast<float>(degrees * radians_per_degree);
}

void read_range(const base::Yaml& yaml, LidarModel& model) {
    yaml.allow_keys({"min", "max", "noise", "beam_offset", "step"});
    model.min_range = static_cast<float>(number_in(yaml, "min", metres));
    model.max_range = static_cast<float>(number_in(yaml, "max", metres));
    if (model.max_range <= model.min_range) {
        yaml["max"].fail(fmt::format("{} is not beyond the nearest distance of {} metres",
                                     model.max_range, model.min_range));
    }
    const Limits spread{0, 1, "metres"};
    model.range_noise = static_cast<float>(number_in(yaml, "noise", spread));
    model.beam_offset = static_cast<float>(number_in(yaml, "beam_offset", spread, 0));
    model.range_step = static_cast<float>(number_in(yaml, "step", spread, 0));
}

void read_echo(const base::Yaml& yaml, LidarModel& model) {
    yaml.allow_keys({"dark_range", "dropout", "divergence", "missing"});
    model.dark_range = static_cast<float>(number_in(yaml, "dark_range", {0.1, 10000, "metres"}));
    model.dropout = static_cast<float>(number_in(yaml, "dropout", share, 0));
    model.divergence =
        static_cast<float>(1e-3 * number_in(yaml, "divergence", {0, 50, "milliradians"}, 0));
    if (const auto missing = yaml.find("missing")) {
        const auto text = missing->as<std::string>();
        if (text != "omitted" && text != "kept") {
            missing->fail(fmt::format("'{}' is unknown; say omitted or kept", text));
        }
        model.keep_missing = text == "kept";
    }
}

void read_intensity(const base::Yaml& yaml, LidarModel& model) {
    yaml.allow_keys({"scale", "contrast", "darkest", "steady_range", "falloff", "noise",
                     "beam_gain", "step", "max"});
    const Limits value{0, 1e6, "in the unit of the files"};
    const auto read = [&](const char* key, const Limits& limits, double fallback) {
        return static_cast<float>(number_in(yaml, key, limits, fallback));
    };
    model.intensity_scale = static_cast<float>(number_in(yaml, "scale", value));
    model.intensity_max = static_cast<float>(number_in(yaml, "max", value));
    model.intensity_step = read("step", value, 0);
    model.intensity_contrast = read("contrast", exponent, 1);
    model.intensity_darkest = read("darkest", {0, 0.5, "as a reflectivity"}, 0);
    model.steady_range = read("steady_range", {0.1, 10000, "metres"}, 10000);
    model.intensity_falloff = read("falloff", exponent, 1);
    model.intensity_noise = read("noise", share, 0);
    model.beam_gain = read("beam_gain", share, 0);
}

LidarModel::Body body_of(const base::Yaml& yaml) {
    yaml.allow_keys({"azimuth", "below", "echo"});
    const auto azimuth = yaml["azimuth"].list();
    if (azimuth.size() != 2) {
        yaml["azimuth"].fail("must be [from, to] in degrees, leftwards");
    }
    LidarModel::Body body;
    const Limits turns{-360, 360, "degrees"};
    body.azimuth_from = radians(number_in(azimuth[0], turns));
    body.azimuth_to = radians(number_in(azimuth[1], turns));
    if (body.azimuth_to <= body.azimuth_from) {
        yaml["azimuth"].fail(
            "must grow: [from, to] in degrees, leftwards; across the back write "
            "[170, 190]");
    }
    body.below = radians(number_in(yaml, "below", {-90, 90, "degrees"}));
    if (const auto echo = yaml.find("echo")) {
        const auto distances = echo->list();
        if (distances.size() != 2) {
            echo->fail("must be [nearest, farthest] in metres");
        }
        body.near = static_cast<float>(number_in(distances[0], {0.01, 20, "metres"}));
        body.far = static_cast<float>(number_in(distances[1], {body.near, 20, "metres"}));
    }
    return body;
}

}  // namespace

LidarModel load_lidar_file(const std::filesystem::path& file) {
    const auto yaml = base::Yaml::load(file);
    yaml.allow_keys({"title", "spin", "beams", "raster", "range", "echo", "intensity", "bodies"});
    LidarModel model;
    model.name = file.stem().string();
    model.title = yaml["title"].as<std::string>();
    if (yaml.has("raster")) {
        if (yaml.has("spin") || yaml.has("beams")) {
            yaml["raster"].fail("a lidar has either a raster, or spin and beams; remove one");
        }
        read_raster(yaml, model);
    } else {
        read_spinning(yaml, model);
    }
    read_range(yaml["range"], model);
    read_echo(yaml["echo"], model);
    read_intensity(yaml["intensity"], model);
    if (const auto bodies = yaml.find("bodies")) {
        for (const auto& body : bodies->list()) {
            model.bodies.push_back(body_of(body));
        }
    }
    return model;
}

LidarModel load_lidar(const std::string& name) {
    return load_lidar_file(name.ends_with(".yaml")
                               ? std::filesystem::path(name)
                               : datasets::config_file("sensors", "sensor", name));
}

}  // namespace distillar::simulation
