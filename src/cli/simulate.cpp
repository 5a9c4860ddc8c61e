#include "simulation/simulate.hpp"

#include <fmt/format.h>

#include <memory>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "cli/command.hpp"
#include "cli/output.hpp"

namespace distillar::cli {

namespace {

/// CLI11 would make a huge number of -1.
CLI::Validator not_negative() {
    return {[](const std::string& text) {
                return text.starts_with('-') ? std::string("give a whole number from 0 up") : "";
            },
            ""};
}

void run_simulate(const simulation::SimulateOptions& options, Session& session) {
    const auto report = simulation::simulate(options, [&session] {
        session.started = true;
        base::install_stop_handlers();
    });
    if (session.quiet) {
        return;
    }
    print_row("folder", report.folder.string());
    print_row("layout", report.layout);
    print_row("frames", report.kept == 0
                            ? fmt::format("{}", report.frames)
                            : fmt::format("{} ({} were there)", report.frames, report.kept));
}

}  // namespace

void add_simulate(CLI::App& app, Session& session) {
    CLI::App* command = app.add_subcommand(
        "simulate", "Make a labelled data set without a download: lidar and cameras in a city.");
    auto options = std::make_shared<simulation::SimulateOptions>();
    options->version = DISTILLAR_VERSION;
    command->add_option("--city", options->city, "configs/cities/NAME.yaml: a, b, c, d")
        ->required();
    command
        ->add_option("--rig", options->rig,
                     "configs/rigs/NAME.yaml, or a file of your own: kitti, nuscenes, pandaset, "
                     "poss, ...")
        ->required();
    command->add_option("--frames", options->frames, "how many; more than before goes on")
        ->required();
    command->add_option("--seed", options->seed, "another seed is another drive (default: 0)")
        ->check(not_negative());
    command
        ->add_option("--out", options->out,
                     "the data set's folder; one that holds this simulation already is continued")
        ->required();
    command->add_option("--format", options->layout,
                        "semantickitti, nuscenes or log (default: the rig's first)");
    command
        ->add_option("--interval", options->interval,
                     "seconds between frames (default: the rig's); long ones see more places")
        ->check(CLI::PositiveNumber);
    command->add_option("--start", options->start,
                        "number of the drive's frame to begin with (default: 0)");
    command->add_option("--sequence", options->sequence,
                        "name of the SemanticKITTI sequence, number of the nuScenes scene "
                        "(default: 00)");
    add_common_options(*command, session);
    add_example(*command,
                "distillar simulate --city a --rig kitti --frames 100 --seed 1 --out data/city-a");
    command->callback([options, &session] { run_simulate(*options, session); });
}

}  // namespace distillar::cli
