#include <cstdlib>
#include <map>
#include <set>

#include "base/files.hpp"
#include "base/yaml.hpp"
#include "datasets/taxonomy.hpp"
#include "support/data.hpp"

using namespace distillar;
using datasets::load_setting;
using test::error_of;

namespace {

struct Side {
    std::string taxonomy;
    std::string sensor = "";
    double max_range = 0;
};

struct Expected {
    Side source;
    Side target;
};

/// Every row of the table of settings.
const std::map<std::string, Expected> published = {
    {"nuscenes-to-kitti10", {{"nuscenes-sk10"}, {"semantickitti-sk10", "", 50}}},
    {"kitti-to-nuscenes10", {{"semantickitti-sk10", "", 50}, {"nuscenes-sk10"}}},
    {"nuscenes-to-waymo10", {{"nuscenes-wo10"}, {"waymo-wo10"}}},
    {"waymo-to-nuscenes10", {{"waymo-wo10"}, {"nuscenes-wo10"}}},
    {"synlidar-to-kitti19", {{"synlidar-sk19", "", 50}, {"semantickitti-sk19", "", 50}}},
    {"synlidar-to-poss13", {{"synlidar-sp13", "", 50}, {"semanticposs-sp13"}}},
    {"nuscenes-to-poss6", {{"nuscenes-sp6"}, {"semanticposs-sp6"}}},
    {"nuscenes-to-pandaset8", {{"nuscenes-pd8"}, {"pandaset-pd8", "pandar64"}}},
    {"pandaset-to-kitti8", {{"pandaset-pd8"}, {"semantickitti-pd8"}}},
    {"kitti-to-pandaset8", {{"semantickitti-pd8"}, {"pandaset-pd8"}}},
    {"simulated-to-kitti8", {{"semantickitti-pd8"}, {"semantickitti-pd8"}}},
    {"simulated-to-pandaset8", {{"semantickitti-pd8"}, {"pandaset-pd8"}}},
    {"city-a64-to-b64", {{"semantickitti-pd8", "hdl64e"}, {"semantickitti-pd8", "hdl64e"}}},
    {"city-a64-to-a32", {{"semantickitti-pd8", "hdl64e"}, {"nuscenes-pd8", "hdl32e"}}},
    {"city-a64-to-b32", {{"semantickitti-pd8", "hdl64e"}, {"nuscenes-pd8", "hdl32e"}}},
    {"city-b32-to-a64", {{"nuscenes-pd8", "hdl32e"}, {"semantickitti-pd8", "hdl64e"}}},
    {"pandar64-to-pandargt8", {{"pandaset-pd8", "pandar64"}, {"pandaset-pd8", "pandargt"}}},
};

void expect_side(const datasets::Setting::Side& side, const Side& expected,
                 const std::string& name) {
    EXPECT_EQ(side.taxonomy, expected.taxonomy) << name;
    EXPECT_EQ(side.format, expected.taxonomy.substr(0, expected.taxonomy.find('-'))) << name;
    EXPECT_EQ(side.sensor, expected.sensor) << name;
    EXPECT_EQ(side.max_range, expected.max_range) << name;
}

}  // namespace

TEST(Setting, EveryPublishedSettingIsThereAndNoOther) {
    std::set<std::string> names;
    for (const auto& [name, expected] : published) {
        const auto setting = load_setting(name);
        EXPECT_EQ(setting.name, name);
        EXPECT_FALSE(setting.origin.empty()) << name;
        expect_side(setting.source, expected.source, name);
        expect_side(setting.target, expected.target, name);
        names.insert(name);
    }
    const auto listed = datasets::setting_names();
    EXPECT_EQ(std::set<std::string>(listed.begin(), listed.end()), names);
}

TEST(Setting, FormatsWithoutAReaderSaySo) {
    const auto setting = load_setting("nuscenes-to-waymo10");
    EXPECT_NO_THROW(datasets::require_reader(setting, setting.source.format));
    const auto message =
        error_of([&] { datasets::require_reader(setting, setting.target.format); });
    EXPECT_NE(message.find("nuscenes-to-waymo10"), std::string::npos) << message;
    EXPECT_NE(message.find("no reader for 'waymo'"), std::string::npos) << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    for (const std::string name : {"synlidar-to-kitti19", "nuscenes-to-poss6"}) {
        const auto other = load_setting(name);
        const bool source = name == "synlidar-to-kitti19";
        const auto& format = source ? other.source.format : other.target.format;
        EXPECT_HAS(error_of([&] { datasets::require_reader(other, format); }),
                   "there is no reader for '" + format + "'");
    }
    for (const auto& [name, expected] : published) {
        if (name.find("poss") == std::string::npos && name.find("waymo") == std::string::npos &&
            name.find("synlidar") == std::string::npos) {
            const auto readable = load_setting(name);
            EXPECT_NO_THROW(datasets::require_reader(readable, readable.source.format)) << name;
            EXPECT_NO_THROW(datasets::require_reader(readable, readable.target.format)) << name;
        }
    }
}

TEST(Setting, UnknownNameSuggestsTheNearest) {
    const auto message = error_of([] { load_setting("pandar64-to-pandargt9"); });
    EXPECT_NE(message.find("did you mean 'pandar64-to-pandargt8'"), std::string::npos) << message;
}

TEST(Setting, SidesMustFitTogether) {
    const test::TemporaryFolder folder;
    std::filesystem::copy(base::configs_folder() / "taxonomies", folder / "taxonomies");
    setenv("DISTILLAR_CONFIGS", folder.path().c_str(), 1);
    const auto error = [&](const std::string& source, const std::string& target) {
        test::write_bytes(folder.path() / "settings" / "own.yaml",
                          "origin: test\nsource: " + source + "\ntarget: " + target + "\n");
        return error_of([] { load_setting("own"); });
    };
    const std::string kitti = "{format: semantickitti, taxonomy: semantickitti-pd8}";
    EXPECT_NE(error(kitti, "{format: nuscenes, taxonomy: nuscenes-sk10}").find("different classes"),
              std::string::npos);
    EXPECT_NE(error(kitti, "{format: pandaset, taxonomy: nuscenes-pd8}").find("is for the format"),
              std::string::npos);
    EXPECT_NE(error("{format: semantickitti, taxonomy: semantickitti-pd9}", kitti)
                  .find("did you mean 'semantickitti-pd8'"),
              std::string::npos);
    EXPECT_NE(error("{format: semantickitti, taxonomy: semantickitti-pd8, max_range: -1}", kitti)
                  .find("max_range"),
              std::string::npos);
    EXPECT_NE(error("{format: semantickitti, taxonomy: semantickitti-pd8, range: 1}", kitti)
                  .find("unknown key"),
              std::string::npos);
    unsetenv("DISTILLAR_CONFIGS");
}

TEST(Splits, NuscenesScenesByName) {
    const auto yaml = base::Yaml::load(base::configs_folder() / "splits" / "nuscenes.yaml");
    yaml.allow_keys({"train", "val", "test", "mini_train", "mini_val"});
    const auto scenes = [&](const char* split) {
        const auto list = yaml[split].as<std::vector<std::string>>();
        const std::set<std::string> unique(list.begin(), list.end());
        EXPECT_EQ(unique.size(), list.size()) << split;
        for (const auto& scene : list) {
            EXPECT_TRUE(scene.size() == 10 && scene.starts_with("scene-")) << scene;
        }
        return unique;
    };
    const auto train = scenes("train");
    const auto val = scenes("val");
    const auto test_scenes = scenes("test");
    EXPECT_EQ(train.size(), 700u);
    EXPECT_EQ(val.size(), 150u);
    EXPECT_EQ(test_scenes.size(), 150u);
    std::set<std::string> all = train;
    all.insert(val.begin(), val.end());
    EXPECT_EQ(all.size(), 850u) << "train and val overlap";
    all.insert(test_scenes.begin(), test_scenes.end());
    EXPECT_EQ(all.size(), 1000u) << "test overlaps train or val";

    const auto mini_train = scenes("mini_train");
    const auto mini_val = scenes("mini_val");
    EXPECT_EQ(mini_train.size(), 8u);
    EXPECT_EQ(mini_val.size(), 2u);
    for (const auto& scene : mini_train) {
        EXPECT_FALSE(mini_val.contains(scene)) << scene;
        EXPECT_TRUE(train.contains(scene) || val.contains(scene)) << scene;
    }
    for (const auto& scene : mini_val) {
        EXPECT_TRUE(val.contains(scene)) << scene;
    }
    EXPECT_TRUE(mini_train.contains("scene-0061"));
}
