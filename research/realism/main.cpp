// distillar-realism: compares the scans of two data sets, a real one and a simulated one, as the
// readers of this program see them: points per scan, distances, elevations, spacing, intensity,
// classes.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <optional>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "datasets/dataset.hpp"
#include "research/realism/report.hpp"

using namespace distillar;

namespace {

/// --real and --simulated, each with its selection.
struct Side {
    std::vector<std::string> arguments, sequences;
    std::string name, sensor, frames, split = "all", taxonomy;
    std::vector<double> origin;
};

struct Options {
    Side real, simulated;
    double min_range = 0.5, max_range = 1e9;
    bool markdown = false;
    std::string picture;
};

void add_side(CLI::App& app, const std::string& which, Side& side) {
    const std::string group = "The " + which + " side";
    const auto add = [&](const std::string& name, auto& value, const std::string& help) {
        return app.add_option("--" + which + name, value, help)->group(group);
    };
    add("", side.arguments,
        "PATH or FORMAT:PATH, one or more of one format: " + base::join(datasets::known_formats()))
        ->required();
    add("-name", side.name, "heading of its column (default: " + which + ")");
    add("-sensor", side.sensor, "only this lidar where there are several");
    add("-sequences", side.sequences, "only these, separated by commas")
        ->delimiter(',')
        ->allow_extra_args(false);
    add("-frames", side.frames, "start:stop:step, or frame ids separated by commas");
    add("-split", side.split, "official split by name");
    add("-taxonomy", side.taxonomy,
        "classes of its labels (default: FORMAT-pd8, for log semantickitti-pd8)");
    add("-origin", side.origin,
        "x,y,z: place of the lidar in the scan's frame, metres (default 0,0,0)")
        ->delimiter(',')
        ->expected(3)
        ->allow_extra_args(false);
}

std::optional<datasets::Taxonomy> taxonomy_of(const Side& side, const std::string& format) {
    const std::string name = !side.taxonomy.empty()
                                 ? side.taxonomy
                                 : (format == "log" ? "semantickitti" : format) + "-pd8";
    const auto names = datasets::taxonomy_names();
    if (side.taxonomy.empty() && std::find(names.begin(), names.end(), name) == names.end()) {
        return std::nullopt;
    }
    return datasets::load_taxonomy(name);
}

std::vector<std::unique_ptr<datasets::Dataset>> opened(const Side& side) {
    std::vector<std::unique_ptr<datasets::Dataset>> sets;
    for (const auto& argument : side.arguments) {
        datasets::Selection selection = datasets::selection_from(argument);
        selection.sensor = side.sensor;
        selection.sequences = side.sequences;
        selection.frames = side.frames;
        selection.split = side.split;
        selection.with_cameras = false;
        sets.push_back(datasets::open_dataset(selection));
        if (sets.back()->format() != sets.front()->format()) {
            base::fail("{}: its format is {}, that of {} is {}: compare sets of one format",
                       argument, sets.back()->format(), side.arguments.front(),
                       sets.front()->format());
        }
    }
    return sets;
}

research::RealismSide measured(const Side& side, const std::string& name, const Options& options) {
    const auto sets = opened(side);
    const auto taxonomy = taxonomy_of(side, sets.front()->format());

    research::RealismSide result;
    result.name = side.name.empty() ? name : side.name;
    evaluation::StatisticsOptions wanted;
    wanted.min_range = options.min_range;
    wanted.max_range = options.max_range;
    if (!side.origin.empty()) {
        wanted.origin = Eigen::Vector3d(side.origin[0], side.origin[1], side.origin[2]);
    }
    if (taxonomy) {
        wanted.taxonomy = &*taxonomy;
        result.classes = taxonomy->classes;
    }
    for (const auto& data : sets) {
        for (std::size_t i = 0; i < data->size(); ++i) {
            evaluation::add_scan(result.statistics, data->read(i), wanted);
        }
    }
    return result;
}

void run(const Options& options) {
    const auto real = measured(options.real, "real", options);
    const auto simulated = measured(options.simulated, "simulated", options);
    fmt::print("{}", options.markdown ? research::realism_table(real, simulated)
                                      : research::realism_text(real, simulated));
    if (!options.picture.empty()) {
        base::write_file(options.picture, research::realism_picture(real, simulated));
    }
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Compares real scans with simulated ones", "distillar-realism"};
    Options options;
    add_side(app, "real", options.real);
    add_side(app, "simulated", options.simulated);
    app.add_option("--min-range", options.min_range,
                   "metres; nearer rows count as shots without an echo")
        ->capture_default_str();
    app.add_option("--max-range", options.max_range, "metres; farther points are left out");
    app.add_flag("--markdown", options.markdown, "print tables in markdown");
    app.add_option("--picture", options.picture, "write the histograms to this SVG file");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    try {
        run(options);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "distillar-realism: error: %s\n", error.what());
        return 1;
    }
}
