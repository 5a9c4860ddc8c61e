#include "cli/run_options.hpp"
#include "models/machine.hpp"
#include "training/stages.hpp"
#include "training/teacher_train/config.hpp"

namespace distillar::cli {

namespace {

void add_teacher_train(CLI::App& app, Session& session) {
    CLI::App* command = app.add_subcommand(
        "train", "Train a small vision transformer on simulated images: a teacher of your own.");
    auto options = add_run_options(*command, session);
    auto data = std::make_shared<std::vector<std::string>>();
    command
        ->add_option("--data", *data,
                     "folders of `distillar simulate`, instead of the config's `data`")
        ->type_name("DIR ...");
    add_example(*command,
                "distillar teacher train --config configs/teachers/stand-in.yaml --data "
                "data/city-c --run runs/stand-in");
    command->callback([options, data, &session] {
        const auto config =
            training::load_teacher_train_config(options->config, options->all_overrides(), *data);
        models::set_up_machine();
        training::train_teacher(config, options->run, [&session] { start_work(session); });
    });
}

}  // namespace

void add_teacher(CLI::App& app, Session& session) {
    CLI::App* command = app.add_subcommand("teacher", "Image teachers: train one.");
    command->require_subcommand(1);
    add_example(*command,
                "distillar teacher train --config configs/teachers/stand-in.yaml --data "
                "data/city-c --run runs/stand-in");
    add_teacher_train(*command, session);
}

}  // namespace distillar::cli
