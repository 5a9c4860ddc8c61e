#include "cli/run_options.hpp"

#include "base/stop.hpp"

namespace distillar::cli {

std::vector<std::string> RunOptions::all_overrides() const {
    auto all = overrides;
    if (!seed.empty()) {
        all.push_back("seed=" + seed);
    }
    if (!device.empty()) {
        all.push_back("device=" + device);
    }
    return all;
}

std::shared_ptr<RunOptions> add_run_options(CLI::App& command, Session& session) {
    auto options = std::make_shared<RunOptions>();
    command.add_option("--config", options->config, "the run's YAML file")->required();
    command
        .add_option("--run", options->run,
                    "folder of the run; one that holds this run already is resumed")
        ->required();
    command.add_option("--set", options->overrides, "a.b=value: overrides a key of the config")
        ->type_name("KEY=VALUE");
    command.add_option("--seed", options->seed, "short for --set seed=N");
    command.add_option("--device", options->device, "short for --set device=cpu|cuda");
    add_common_options(command, session);
    return options;
}

void start_work(Session& session) {
    session.started = true;
    base::install_stop_handlers();
}

}  // namespace distillar::cli
