#include "study/arguments.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace distillar::study {

namespace {

/// Adds an option that has a value.
void add(Words& words, const char* option, const std::string& value) {
    if (!value.empty()) {
        words.insert(words.end(), {option, value});
    }
}

}  // namespace

Words simulate_words(const Drive& drive) {
    Words words{"simulate"};
    add(words, "--city", drive.city);
    add(words, "--rig", drive.rig);
    add(words, "--format", drive.format);
    add(words, "--seed", fmt::format("{}", drive.seed));
    add(words, "--frames", fmt::format("{}", drive.frames));
    add(words, "--interval", drive.interval > 0 ? fmt::format("{}", drive.interval) : "");
    add(words, "--out", drive.folder.string());
    return words;
}

Words train_words(const Recipe& recipe, const std::vector<std::string>& overrides,
                  const std::filesystem::path& folder) {
    Words words{base::name_of(recipe.stage)};
    add(words, "--config", recipe.config.string());
    add(words, "--run", folder.string());
    for (const auto& each : overrides) {
        add(words, "--set", each);
    }
    return words;
}

Words test_words(const Test& test, const datasets::Selection& selection,
                 const std::filesystem::path& model, const std::filesystem::path& json,
                 const std::filesystem::path& report) {
    Words words{"evaluate"};
    add(words, "--model", model.string());
    add(words, "--setting", test.labels);
    add(words, "--side", test.side);
    add(words, "--data", selection.path.string());
    add(words, "--format", selection.format);
    add(words, "--sequences", base::join(selection.sequences, ","));
    add(words, "--sensor", selection.sensor);
    add(words, "--cameras", selection.with_cameras ? base::join(selection.cameras, ",") : "none");
    add(words, "--frames", selection.frames);
    add(words, "--split", selection.split);
    add(words, "--frame-convention", selection.published_frame ? "published" : "canonical");
    add(words, "--points", test.points == "all" ? "" : test.points);
    add(words, "--json", json.string());
    add(words, "--report", report.string());
    return words;
}

}  // namespace distillar::study
