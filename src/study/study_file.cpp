#include <algorithm>
#include <thread>

#include "base/files.hpp"
#include "base/text.hpp"
#include "base/yaml.hpp"
#include "simulation/sensors/rig.hpp"
#include "simulation/streets/city.hpp"
#include "simulation/writers/layouts.hpp"
#include "study/study.hpp"

namespace distillar::study {

namespace {

namespace fs = std::filesystem;
using base::Yaml;

/// Names become names of files.
void check_name(const Yaml& yaml, const std::string& name) {
    const bool fits = !name.empty() && name.front() != '.' &&
                      std::all_of(name.begin(), name.end(), [](unsigned char letter) {
                          return std::isalnum(letter) != 0 || letter == '-' || letter == '_' ||
                                 letter == '.' || letter == '+';
                      });
    if (!fits) {
        yaml.fail("'" + name + "' is no name: letters, digits, - _ + . only");
    }
}

void require_known(const Yaml& yaml, const char* what, const std::string& name,
                   const std::vector<std::string>& known) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
        yaml.fail(fmt::format("there is no {} '{}'; did you mean '{}'? there are: {}", what, name,
                              base::nearest_name(name, known), base::join(known)));
    }
}

template <typename Value>
std::vector<std::string> keys_of(const std::map<std::string, Value>& map) {
    std::vector<std::string> keys;
    for (const auto& [key, value] : map) {
        keys.push_back(key);
    }
    return keys;
}

template <typename Value>
std::vector<std::string> names_of(const std::vector<Value>& values) {
    std::vector<std::string> names;
    for (const auto& value : values) {
        names.push_back(value.name);
    }
    return names;
}

/// "a" or [a, b].
template <typename Value>
std::vector<Value> one_or_list(const Yaml& yaml) {
    return yaml.is_list() ? yaml.as<std::vector<Value>>() : std::vector<Value>{yaml.as<Value>()};
}

/// One or several; 0 where the key is missing.
std::vector<std::uint64_t> seeds_from(const Yaml& yaml, const char* key) {
    std::vector<std::uint64_t> seeds;
    const auto given = yaml.find(key);
    for (const auto seed :
         given ? one_or_list<std::int64_t>(*given) : std::vector<std::int64_t>{0}) {
        if (seed < 0) {
            given->fail("must be 0 or above");
        }
        seeds.push_back(static_cast<std::uint64_t>(seed));
    }
    if (seeds.empty()) {
        given->fail("is empty; name at least one");
    }
    return seeds;
}

/// Where the data sets of a drive lie: a log has one lidar, so of several each has its folder.
std::vector<fs::path> places_of(const Drive& drive, const simulation::Rig& rig) {
    if (drive.format != "log" || rig.lidars.size() == 1) {
        return {drive.folder};
    }
    std::vector<fs::path> places;
    for (const auto& lidar : rig.lidars) {
        places.push_back(drive.folder / lidar.name);
    }
    return places;
}

Data simulated(const Yaml& yaml, const fs::path& folder) {
    yaml.allow_keys({"city", "rig", "format", "seed", "frames", "interval"});
    Drive drive;
    drive.city = yaml["city"].as<std::string>();
    drive.rig = yaml["rig"].as<std::string>();
    drive.frames = yaml["frames"].as<int>();
    drive.interval = yaml.get("interval", 0.0);
    if (drive.frames < 1) {
        yaml["frames"].fail("must be 1 or above");
    }
    simulation::load_city(drive.city);
    const auto rig = simulation::load_rig(drive.rig);
    drive.format = simulation::choose_layout(rig, yaml.get<std::string>("format", ""));
    Data data;
    for (const std::uint64_t seed : seeds_from(yaml, "seed")) {
        drive.seed = seed;
        drive.folder = folder / std::to_string(seed);
        data.drives.push_back(drive);
        for (const auto& place : places_of(drive, rig)) {
            data.selections.emplace_back();
            data.selections.back().format = drive.format;
            data.selections.back().path = place;
        }
    }
    return data;
}

/// A selection, a simulation, or a list of these and of names above.
Data data_from(const Yaml& yaml, const Study& study, const fs::path& folder) {
    if (yaml.is_list()) {
        Data all;
        for (const auto& entry : yaml.list()) {
            Data part;
            if (entry.is_scalar()) {
                require_known(entry, "data above here named", entry.as<std::string>(),
                              keys_of(study.data));
                part = study.data.at(entry.as<std::string>());
            } else {
                part.selections = {datasets::selection_from(entry)};
            }
            all.selections.insert(all.selections.end(), part.selections.begin(),
                                  part.selections.end());
            all.drives.insert(all.drives.end(), part.drives.begin(), part.drives.end());
        }
        return all;
    }
    if (yaml.has("simulate")) {
        yaml.allow_keys({"simulate"});
        return simulated(yaml["simulate"], folder);
    }
    return {{datasets::selection_from(yaml)}, {}};
}

Test test_from(const Yaml& yaml, const std::string& name, const StudySetting& setting,
               const Study& study) {
    check_name(yaml, name);
    yaml.allow_keys({"data", "setting", "side", "points", "cameras"});
    Test test{name,
              yaml["data"].as<std::string>(),
              yaml.get<std::string>("setting", setting.labels),
              yaml.get<std::string>("side", "target"),
              yaml.get<std::string>("points", "all"),
              yaml.has("cameras") ? one_or_list<std::string>(yaml["cameras"])
                                  : std::vector<std::string>{}};
    if (test.points != "all" && test.points != "seen") {
        yaml["points"].fail("is all, or seen: those that a camera of the data sees");
    }
    require_known(yaml["data"], "data named", test.data, keys_of(study.data));
    if (study.data.at(test.data).selections.size() != 1) {
        yaml["data"].fail("a test is of one data set; '" + test.data + "' is several");
    }
    return test;
}

StudySetting setting_from(const Yaml& yaml, const std::string& name, const Study& study) {
    check_name(yaml, name);
    yaml.allow_keys({"setting", "source", "target", "words", "tests"});
    StudySetting setting;
    setting.name = name;
    setting.labels = yaml.get("setting", name);
    for (auto [key, value] : {std::pair{"source", &setting.source}, {"target", &setting.target}}) {
        if (const auto given = yaml.find(key)) {
            *value = given->as<std::string>();
            require_known(*given, "data named", *value, keys_of(study.data));
        }
    }
    if (const auto words = yaml.find("words")) {
        for (const auto& [key, value] : words->items()) {
            setting.words[key] = value.as<std::string>();
        }
    }
    if (const auto tests = yaml.find("tests")) {
        for (const auto& [key, value] : tests->items()) {
            setting.tests.push_back(test_from(value, key, setting, study));
        }
    }
    return setting;
}

Shared shared_from(const Yaml& yaml) {
    const auto given = yaml.find("shared");
    const auto text = given ? given->as<std::string>() : "false";
    if (text != "true" && text != "false" && text != "source") {
        given->fail(
            "is true (one run for all settings), source (one for all with the same source) "
            "or false");
    }
    return text == "source" ? Shared::source : text == "true" ? Shared::all : Shared::no;
}

/// Tested as the recipe that made it is.
Recipe fused_recipe_from(const Yaml& yaml, const std::string& name, const Study& study) {
    yaml.allow_keys({"fused_model_of"});
    const Yaml place = yaml["fused_model_of"];
    const auto of = place.as<std::string>();
    require_known(place, "recipe above here", of, names_of(study.recipes));
    const Recipe& parent = study.recipe(of);
    if (parent.stage != training::Stage::fuse || parent.shared == Shared::all) {
        place.fail("'" + of + "' is no recipe of the stage fuse with settings of its own");
    }
    Recipe recipe = parent;
    recipe.name = name;
    recipe.fused_model_of = of;
    recipe.from.clear();
    return recipe;
}

training::Stage stage_from(const Yaml& yaml) {
    auto stages = base::names_of<training::Stage>();
    std::erase(stages, base::name_of(training::Stage::teacher));
    const auto name = yaml.as<std::string>();
    require_known(yaml, "stage", name, stages);
    return *base::enum_from<training::Stage>(name);
}

Recipe recipe_from(const Yaml& yaml, const std::string& name, const Study& study) {
    check_name(yaml, name);
    yaml.allow_keys({"stage", "config", "from", "shared", "settings", "set", "fused_model_of"});
    Recipe recipe;
    recipe.name = name;
    if (yaml.has("fused_model_of")) {
        return fused_recipe_from(yaml, name, study);
    }
    recipe.stage = stage_from(yaml["stage"]);
    recipe.config = base::expand_path(yaml["config"].as<std::string>());
    recipe.from = yaml.get<std::string>("from", "");
    recipe.shared = shared_from(yaml);
    const auto known = names_of(study.settings);
    const bool of_all = recipe.shared == Shared::all;
    recipe.settings = of_all ? std::vector<std::string>{} : known;
    if (const auto settings = yaml.find("settings")) {
        if (of_all) {
            settings->fail("a shared recipe is of all settings; leave out one of both");
        }
        recipe.settings = one_or_list<std::string>(*settings);
        for (const auto& setting : recipe.settings) {
            require_known(*settings, "setting", setting, known);
        }
    }
    for (const auto& setting : recipe.settings) {
        if (recipe.shared == Shared::source && study.setting(setting).source.empty()) {
            yaml["shared"].fail("the setting '" + setting + "' has no source");
        }
    }
    if (const auto set = yaml.find("set")) {
        for (const auto& [key, value] : set->items()) {
            if (!value.is_scalar()) {
                value.fail("write the value in quotes: \"{source}\", \"[1, 2]\"");
            }
            recipe.overrides.emplace_back(key, value.as<std::string>());
        }
    }
    return recipe;
}

/// `from` names recipes that come first, without going round in a circle, for the same settings.
void check_origins(const Yaml& yaml, const Study& study) {
    for (const auto& recipe : study.recipes) {
        if (recipe.from.empty()) {
            continue;
        }
        const Yaml place = yaml[recipe.name]["from"];
        require_known(place, "recipe", recipe.from, names_of(study.recipes));
        const Recipe& parent = study.recipe(recipe.from);
        if (parent.shared < recipe.shared) {
            place.fail("a shared recipe cannot go on from '" + parent.name +
                       "', which is not, or less so");
        }
        for (const auto& setting : recipe.settings) {
            if (parent.shared != Shared::all) {
                require_known(place, "run of that recipe for the setting", setting,
                              parent.settings);
            }
        }
        std::vector<std::string> path{recipe.name};
        for (const Recipe* at = &parent; !at->from.empty(); at = &study.recipe(at->from)) {
            if (std::find(path.begin(), path.end(), at->name) != path.end()) {
                place.fail("goes round in a circle: " + base::join(path, " from ") + " from " +
                           at->name);
            }
            path.push_back(at->name);
            require_known(yaml[at->name]["from"], "recipe", at->from, names_of(study.recipes));
        }
    }
}

void read_counts(const Yaml& yaml, Study& study) {
    study.title = yaml.get("title", yaml.file().stem().string());
    study.seeds = seeds_from(yaml, "seeds");
    const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    const auto count = [&](const char* key, int fallback) {
        const int value = yaml.get(key, fallback);
        if (value < 1 || value > 1024) {
            yaml[key].fail("must be 1 to 1024");
        }
        return static_cast<std::size_t>(value);
    };
    study.threads = count("threads", 1);
    study.jobs = count("jobs", std::max(1, cores / static_cast<int>(study.threads)));
}

}  // namespace

const Recipe& Study::recipe(const std::string& name) const {
    return *std::find_if(recipes.begin(), recipes.end(),
                         [&](const Recipe& recipe) { return recipe.name == name; });
}

const StudySetting& Study::setting(const std::string& name) const {
    return *std::find_if(settings.begin(), settings.end(),
                         [&](const StudySetting& setting) { return setting.name == name; });
}

Study load_study(const fs::path& file, const fs::path& out) {
    const Yaml yaml = Yaml::load(file);
    yaml.allow_keys({"distillar-study", "title", "seeds", "jobs", "threads", "data", "settings",
                     "recipes", "baseline", "oracle"});
    if (yaml["distillar-study"].as<int>() != 1) {
        yaml["distillar-study"].fail("this program reads schema 1; update it");
    }
    Study study;
    read_counts(yaml, study);
    for (const auto& [name, value] : yaml["data"].items()) {
        check_name(value, name);
        study.data[name] = data_from(value, study, out / "data" / name);
    }
    for (const auto& [name, value] : yaml["settings"].items()) {
        study.settings.push_back(setting_from(value, name, study));
    }
    for (const auto& [name, value] : yaml["recipes"].items()) {
        study.recipes.push_back(recipe_from(value, name, study));
    }
    check_origins(yaml["recipes"], study);
    for (auto [key, value] : {std::pair{"baseline", &study.baseline}, {"oracle", &study.oracle}}) {
        if (const auto given = yaml.find(key)) {
            *value = given->as<std::string>();
            require_known(*given, "recipe", *value, names_of(study.recipes));
        }
    }
    if (study.recipes.empty()) {
        yaml["recipes"].fail("is empty; write at least one recipe");
    }
    return study;
}

}  // namespace distillar::study
