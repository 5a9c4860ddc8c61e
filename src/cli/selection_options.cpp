#include "cli/selection_options.hpp"

#include "base/text.hpp"

namespace distillar::cli {

namespace {

/// "--name A,B --name C": never swallows a positional argument that follows.
void add_list(CLI::App& command, const std::string& name, std::vector<std::string>& values,
              const std::string& help) {
    command.add_option(name, values, help)->delimiter(',')->allow_extra_args(false);
}

}  // namespace

void SelectionOptions::add_place_to(CLI::App& command) {
    const std::string group = "Which data";
    command
        .add_option("--format", format_,
                    "data set format instead of recognising it from the files: " +
                        base::join(datasets::known_formats()))
        ->group(group);
    add_list(command, "--sequences,--scenes", sequences_,
             "only these sequences or scenes, separated by commas (default: all)");
    command.get_option("--sequences")->group(group);
    command
        .add_option("--sensor", sensor_,
                    "only this lidar where a data set has several: pandar64, pandargt")
        ->group(group);
    command
        .add_option("--frame-convention", frame_convention_,
                    "coordinate frame: canonical (x forward, y left, z up) or the data set's "
                    "published one")
        ->check(CLI::IsMember({"canonical", "published"}))
        ->capture_default_str()
        ->group(group);
}

void SelectionOptions::add_frames_to(CLI::App& command) {
    const std::string group = "Which data";
    command
        .add_option("--frames", frames_,
                    "start:stop:step, or frame ids separated by commas (default: all)")
        ->group(group);
    command.add_option("--split", split_, "official split by name: train, val, test, ...")
        ->capture_default_str()
        ->group(group);
    add_list(command, "--cameras", cameras_,
             "only these cameras, separated by commas; none: no images (default: all)");
    command.get_option("--cameras")->group(group);
    command.add_option("--labels", labels_, "read labels where there are any")
        ->check(CLI::IsMember({"yes", "no"}))
        ->capture_default_str()
        ->group(group);
}

void SelectionOptions::add_to(CLI::App& command) {
    add_place_to(command);
    add_frames_to(command);
}

datasets::Selection SelectionOptions::selection(const std::string& argument) const {
    datasets::Selection selection = datasets::selection_from(argument);
    if (!format_.empty() && !selection.format.empty() && format_ != selection.format) {
        base::fail("{}: says {}, but --format says {}; give one of them", argument,
                   selection.format, format_);
    }
    if (!format_.empty()) {
        selection.format = format_;
    }
    selection.sequences = sequences_;
    selection.sensor = sensor_;
    selection.frames = frames_;
    selection.split = split_;
    selection.labels = labels_ == "yes";
    selection.published_frame = frame_convention_ == "published";
    selection.cameras = cameras_;
    if (cameras_ == std::vector<std::string>{"none"}) {
        selection.with_cameras = false;
        selection.cameras.clear();
    }
    return selection;
}

}  // namespace distillar::cli
