#include "datasets/taxonomy.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.hpp"
#include "base/yaml.hpp"
#include "datasets/named_configs.hpp"

namespace distillar::datasets {

namespace {

constexpr std::uint8_t ignore = 255;
using Color = std::array<std::uint8_t, 3>;

std::uint32_t raw_id(const base::Yaml& yaml, std::int64_t value) {
    if (value < 0 || value > std::numeric_limits<std::uint32_t>::max()) {
        yaml.fail(fmt::format("{} is no raw id; raw ids are 0 to 4294967295", value));
    }
    return static_cast<std::uint32_t>(value);
}

std::vector<std::uint32_t> raw_ids(const base::Yaml& yaml) {
    std::vector<std::uint32_t> ids;
    for (const std::int64_t value : yaml.as<std::vector<std::int64_t>>()) {
        ids.push_back(raw_id(yaml, value));
    }
    return ids;
}

Color color_from(const base::Yaml& yaml) {
    const auto numbers = yaml.as<std::vector<int>>();
    const auto is_byte = [](int value) { return value >= 0 && value <= 255; };
    if (numbers.size() != 3 || !std::all_of(numbers.begin(), numbers.end(), is_byte)) {
        yaml.fail("a colour is [red, green, blue], each 0 to 255");
    }
    Color color{};
    for (std::size_t channel = 0; channel < color.size(); ++channel) {
        color[channel] = static_cast<std::uint8_t>(numbers[channel]);
    }
    return color;
}

/// Well-spread hues for classes without a colour of their own: steps of the golden angle.
Color default_color(std::size_t index) {
    const double hue = std::fmod(0.58 + 0.618033988749895 * static_cast<double>(index), 1.0);
    Color color{};
    for (std::size_t channel = 0; channel < 3; ++channel) {
        const double shift = std::fmod(hue + (3 - static_cast<double>(channel)) / 3, 1.0);
        const double ramp = std::clamp(std::abs(shift * 6 - 3) - 1, 0.0, 1.0);
        color[channel] = static_cast<std::uint8_t>(std::lround(60 + 180 * ramp));
    }
    return color;
}

/// Gives raw ids of one list a class; an id may stand once in the whole file.
void assign(Taxonomy& taxonomy, const base::Yaml& list, const std::vector<std::uint32_t>& ids,
            std::uint8_t class_index) {
    for (const std::uint32_t id : ids) {
        const auto [place, fresh] = taxonomy.raw_to_class.emplace(id, class_index);
        if (!fresh) {
            const auto earlier = place->second;
            list.fail(fmt::format("raw id {} already stands under {}; list it once", id,
                                  earlier == ignore ? "ignore" : taxonomy.classes[earlier]));
        }
    }
}

void add_class(Taxonomy& taxonomy, const base::Yaml& yaml, bool complete) {
    yaml.allow_keys({"name", "color", "raw", "write"});
    const auto name = yaml["name"].as<std::string>();
    const auto& known = taxonomy.classes;
    if (name.empty() || std::find(known.begin(), known.end(), name) != known.end()) {
        yaml.fail(fmt::format("every class needs a name of its own, found '{}'", name));
    }
    const auto index = known.size();
    taxonomy.classes.push_back(name);
    taxonomy.palette.push_back(complete || yaml.has("color") ? color_from(yaml["color"])
                                                             : default_color(index));
    const auto ids = raw_ids(yaml["raw"]);
    if (ids.empty()) {
        yaml["raw"].fail(fmt::format("the class '{}' has no raw id; give it at least one", name));
    }
    assign(taxonomy, yaml["raw"], ids, static_cast<std::uint8_t>(index));
    std::uint32_t write = ids.front();
    if (complete || yaml.has("write")) {
        write = raw_id(yaml["write"], yaml["write"].as<std::int64_t>());
    }
    if (std::find(ids.begin(), ids.end(), write) == ids.end()) {
        yaml["write"].fail(fmt::format("{} is not among the raw ids of '{}'; write one of {}",
                                       write, name, fmt::join(ids, ", ")));
    }
    taxonomy.representative.push_back(write);
}

void add_classes(Taxonomy& taxonomy, const base::Yaml& yaml, bool complete) {
    const auto classes = yaml["classes"].list();
    if (classes.empty() || classes.size() > ignore) {
        yaml["classes"].fail(fmt::format("{} classes; there must be 1 to 255", classes.size()));
    }
    for (const auto& entry : classes) {
        add_class(taxonomy, entry, complete);
    }
}

void add_names(Taxonomy& taxonomy, const base::Yaml& yaml) {
    for (const auto& [key, value] : yaml.items()) {
        std::int64_t id = -1;
        try {
            id = base::parse_integer(key, "raw id");
        } catch (const base::Error& error) {
            value.fail(error.what());
        }
        if (!taxonomy.raw_to_class.contains(raw_id(value, id))) {
            value.fail(
                fmt::format("raw id {} has a name but neither a class nor a place under ignore; "
                            "add it to one",
                            id));
        }
        taxonomy.raw_names[static_cast<std::uint32_t>(id)] = value.as<std::string>();
    }
}

Taxonomy parse_complete(const base::Yaml& yaml, const std::string& name) {
    yaml.allow_keys({"format", "class_set", "classes", "ignore", "names"});
    Taxonomy taxonomy;
    taxonomy.name = name;
    taxonomy.format = yaml["format"].as<std::string>();
    taxonomy.class_set = yaml["class_set"].as<std::string>();
    if (name != taxonomy.format + "-" + taxonomy.class_set) {
        yaml.fail(fmt::format("the file must be named {}-{}.yaml after its format and class_set",
                              taxonomy.format, taxonomy.class_set));
    }
    add_classes(taxonomy, yaml, true);
    assign(taxonomy, yaml["ignore"], raw_ids(yaml["ignore"]), ignore);
    add_names(taxonomy, yaml["names"]);
    for (const auto& [id, unused] : taxonomy.raw_to_class) {
        if (!taxonomy.raw_names.contains(id)) {
            yaml["names"].fail(fmt::format("raw id {} has no name; add '{}: NAME'", id, id));
        }
    }
    return taxonomy;
}

[[noreturn]] void fail_unknown(const Taxonomy& taxonomy, std::uint32_t id, std::size_t at) {
    base::fail(
        "label {} (point {}) is not a raw id of the taxonomy '{}'; check that the labels are {}'s, "
        "or add the id to a class or to ignore",
        id, at, taxonomy.name, taxonomy.format);
}

}  // namespace

std::vector<std::uint8_t> Taxonomy::map(const std::vector<std::uint32_t>& raw) const {
    constexpr std::uint32_t table_limit = 1 << 16;  // larger ids are looked up in the map
    constexpr std::int16_t unknown = -1;
    std::vector<std::int16_t> table;
    for (const auto& [id, class_index] : raw_to_class) {
        if (id < table_limit) {
            table.resize(id + 1, unknown);
            table[id] = class_index;
        }
    }
    std::vector<std::uint8_t> mapped(raw.size());
    for (std::size_t i = 0; i < raw.size(); ++i) {
        const std::uint32_t id = raw[i];
        if (id < table.size() && table[id] != unknown) {
            mapped[i] = static_cast<std::uint8_t>(table[id]);
        } else if (const auto found = raw_to_class.find(id); found != raw_to_class.end()) {
            mapped[i] = found->second;
        } else {
            fail_unknown(*this, id, i);
        }
    }
    return mapped;
}

Taxonomy load_taxonomy(const std::string& name) {
    return parse_complete(base::Yaml::load(config_file("taxonomies", "taxonomy", name)), name);
}

std::vector<std::string> taxonomy_names() {
    return config_names("taxonomies");
}

Taxonomy load_taxonomy_file(const std::filesystem::path& file) {
    const auto yaml = base::Yaml::load(file);
    yaml.allow_keys({"classes", "ignore", "names"});
    Taxonomy taxonomy;
    taxonomy.name = file.stem().string();
    taxonomy.format = "log";
    taxonomy.class_set = taxonomy.name;
    add_classes(taxonomy, yaml, false);
    if (const auto list = yaml.find("ignore")) {
        assign(taxonomy, *list, raw_ids(*list), ignore);
    }
    taxonomy.raw_to_class.emplace(0, ignore);  // unlabelled, unless the file gives 0 a class
    for (const auto& [id, class_index] : taxonomy.raw_to_class) {
        taxonomy.raw_names[id] = class_index == ignore ? "ignored" : taxonomy.classes[class_index];
    }
    if (const auto names = yaml.find("names")) {
        add_names(taxonomy, *names);
    }
    return taxonomy;
}

}  // namespace distillar::datasets
