#include <filesystem>
#include <string>

#include "cli/run_options.hpp"
#include "training/machine.hpp"
#include "training/stages.hpp"

namespace distillar::cli {

namespace {

using Stage = void (*)(const training::RunConfig&, const std::filesystem::path&,
                       const training::Started&);

/// The three training stages share their options: a config, a run folder, overrides.
void add_stage(CLI::App& app, Session& session, const std::string& name, const std::string& help,
               const std::string& recipe, Stage stage) {
    CLI::App* command = app.add_subcommand(name, help);
    auto options = add_run_options(*command, session);
    add_example(*command, "distillar " + name + " --config configs/recipes/" + recipe +
                              ".yaml --run runs/" + name + " --set batch=4");
    command->callback([options, name, stage, &session] {
        const auto config = training::load_config(options->config, name, options->all_overrides());
        training::set_up_machine();
        stage(config, options->run, [&session] { session.started = true; });
    });
}

}  // namespace

void add_pretrain(CLI::App& app, Session& session) {
    add_stage(app, session, "pretrain",
              "Distil image features into a lidar backbone: lidar and camera, no labels.",
              "scalr-pretrain", training::pretrain);
}

void add_probe(CLI::App& app, Session& session) {
    add_stage(app, session, "probe", "Train a head on a frozen, distilled backbone, with labels.",
              "muddos-probe", training::probe);
}

void add_train(CLI::App& app, Session& session) {
    add_stage(app, session, "train",
              "Train the whole network on labels: from scratch, or fine-tuned from `weights`.",
              "scalr-fine-tune", training::train);
}

}  // namespace distillar::cli
