#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cli/command.hpp"

namespace distillar::cli {

/// What every command that trains takes: a config, a run folder, overrides.
struct RunOptions {
    std::filesystem::path config;
    std::filesystem::path run;
    std::vector<std::string> overrides;
    std::string seed;
    std::string device;

    /// --set's, then those of --seed and --device.
    std::vector<std::string> all_overrides() const;
};

/// Adds them, and --threads and --quiet.
std::shared_ptr<RunOptions> add_run_options(CLI::App& command, Session& session);

/// All that the config names is there: from here on errors are failures, and Ctrl-C is a request to
/// stop at the next step.
void start_work(Session& session);

}  // namespace distillar::cli
