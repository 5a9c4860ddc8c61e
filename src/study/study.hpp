#pragma once
/// study: a grid of recipes, settings and seeds, run as child processes of this program; its tables
/// and its page.
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "datasets/dataset.hpp"
#include "training/config.hpp"

namespace distillar::study {

/// A drive that `distillar simulate` makes.
struct Drive {
    std::string city;
    std::string rig;
    std::string format;
    std::uint64_t seed = 0;
    int frames = 1;
    double interval = 0;  ///< seconds; 0: the rig's
    std::filesystem::path folder;
};

/// Data under a name: what a config's list would hold.
struct Data {
    std::vector<datasets::Selection> selections;
    std::vector<Drive> drives;  ///< to be simulated first
};

struct Test {
    std::string name;
    std::string data;
    std::string labels;  ///< one of configs/settings
    std::string side;
    std::string points = "all";        ///< that count, or "seen": by a camera of the data
    std::vector<std::string> cameras;  ///< instead of the data's: the others are dark; {"none"}
};

/// A column of the tables, or several: where recipes train and what they are tested on.
struct StudySetting {
    std::string name;
    std::string labels;                        ///< one of configs/settings: {setting}
    std::string source;                        ///< data: {source}
    std::string target;                        ///< data: {target}; "" = none
    std::map<std::string, std::string> words;  ///< more placeholders of its own
    std::vector<Test> tests;
};

/// For which settings one run of a recipe serves.
enum class Shared {
    no,      ///< its own alone
    source,  ///< all with its source
    all
};

/// A row of the tables: one training, run for each of its settings and each seed; or the fused
/// model that another recipe's runs leave beside their student.
struct Recipe {
    std::string name;
    training::Stage stage = training::Stage::train;
    std::filesystem::path config;
    std::string from;            ///< the recipe whose model is `weights`; "" = none
    std::string fused_model_of;  ///< a recipe of the stage `fuse`; "" = a training of its own
    Shared shared = Shared::no;
    std::vector<std::string> settings;
    std::vector<std::pair<std::string, std::string>> overrides;  ///< with placeholders
};

struct Study {
    std::string title;
    std::vector<std::uint64_t> seeds{0};
    std::size_t jobs = 1;     ///< at once
    std::size_t threads = 1;  ///< of each
    std::map<std::string, Data> data;
    std::vector<StudySetting> settings;
    std::vector<Recipe> recipes;
    std::string baseline;  ///< recipes between which a gap is closed; "" = none
    std::string oracle;

    const Recipe& recipe(const std::string& name) const;
    const StudySetting& setting(const std::string& name) const;
    /// Whether the recipe gives a model with classes, to be tested.
    static bool tested(const Recipe& recipe) {
        return recipe.shared != Shared::all && recipe.stage != training::Stage::pretrain;
    }
};

/// Reads a study; docs/study.md has the format.
/// @param out     the study's folder, where drives go: out/data/NAME/SEED.
/// @throws base::Error with file, line and key, for anything that names what is not there.
Study load_study(const std::filesystem::path& file, const std::filesystem::path& out);

}  // namespace distillar::study
