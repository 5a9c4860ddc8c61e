#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/yaml.hpp"
#include "datasets/dataset.hpp"
#include "datasets/named_configs.hpp"
#include "datasets/taxonomy.hpp"

namespace distillar::datasets {

namespace {

Setting::Side side_from(const base::Yaml& yaml) {
    yaml.allow_keys({"format", "taxonomy", "sensor", "max_range"});
    Setting::Side side;
    side.format = yaml["format"].as<std::string>();
    side.taxonomy = yaml["taxonomy"].as<std::string>();
    side.sensor = yaml.get<std::string>("sensor", "");
    side.max_range = yaml.get("max_range", 0.0);
    if (!std::isfinite(side.max_range) || side.max_range < 0) {
        yaml["max_range"].fail("must be metres >= 0; 0 means no limit");
    }
    return side;
}

}  // namespace

Setting load_setting(const std::string& name) {
    const auto yaml = base::Yaml::load(config_file("settings", "setting", name));
    yaml.allow_keys({"origin", "source", "target"});
    Setting setting;
    setting.name = name;
    setting.origin = yaml["origin"].as<std::string>();
    setting.source = side_from(yaml["source"]);
    setting.target = side_from(yaml["target"]);
    const Taxonomy source = load_taxonomy(setting.source.taxonomy);
    const Taxonomy target = load_taxonomy(setting.target.taxonomy);
    if (source.format != setting.source.format) {
        yaml["source"].fail(fmt::format("the taxonomy '{}' is for the format '{}', not '{}'",
                                        source.name, source.format, setting.source.format));
    }
    if (target.format != setting.target.format) {
        yaml["target"].fail(fmt::format("the taxonomy '{}' is for the format '{}', not '{}'",
                                        target.name, target.format, setting.target.format));
    }
    if (source.class_set != target.class_set || source.classes != target.classes) {
        yaml.fail(
            fmt::format("the taxonomies '{}' and '{}' have different classes; both sides "
                        "need the same class set",
                        source.name, target.name));
    }
    return setting;
}

std::vector<std::string> setting_names() {
    return config_names("settings");
}

void require_reader(const Setting& setting, const std::string& format) {
    const auto& formats = known_formats();
    if (std::find(formats.begin(), formats.end(), format) == formats.end()) {
        base::fail(
            "setting '{}': there is no reader for '{}' yet; readers: {}; use another setting, or "
            "lay the data out as one of these formats",
            setting.name, format, base::join(formats));
    }
}

}  // namespace distillar::datasets
