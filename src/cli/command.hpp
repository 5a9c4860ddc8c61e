#pragma once
/// cli: one file per command; main.cpp only dispatches.
#include <CLI/CLI.hpp>
#include <string>

namespace distillar::cli {

/// Decides the exit code of an error: 2 before the work starts (usage, configuration, unusable
/// input), 1 after. A command calls `started = true` once everything named by the user is read.
struct Session {
    bool started = false;
    bool quiet = false;
};

void add_info(CLI::App& app, Session& session);
void add_draw(CLI::App& app, Session& session);
void add_project(CLI::App& app, Session& session);
void add_features(CLI::App& app, Session& session);
void add_pretrain(CLI::App& app, Session& session);
void add_probe(CLI::App& app, Session& session);
void add_train(CLI::App& app, Session& session);
void add_adapt(CLI::App& app, Session& session);
void add_fuse(CLI::App& app, Session& session);
void add_teacher(CLI::App& app, Session& session);
void add_evaluate(CLI::App& app, Session& session);
void add_segment(CLI::App& app, Session& session);
void add_convert(CLI::App& app, Session& session);
void add_inspect(CLI::App& app, Session& session);
void add_quantize(CLI::App& app, Session& session);
void add_simulate(CLI::App& app, Session& session);
void add_bench(CLI::App& app, Session& session);
void add_study(CLI::App& app, Session& session);
void add_config(CLI::App& app, Session& session);

/// --quiet alone.
void add_quiet_option(CLI::App& command, Session& session);

/// --threads and --quiet, for every command that works longer than a moment.
void add_common_options(CLI::App& command, Session& session);

/// --limit, for every command below: see base/limits.hpp.
void add_limit_option(CLI::App& command);

/// --trust, for commands that may open a TorchScript teacher.
void add_trust_option(CLI::App& command, bool& trust);

/// --skip-bad, for commands that read many frames.
void add_skip_bad_option(CLI::App& command, bool& skip_bad);

/// "Example: ..." below a command's help.
void add_example(CLI::App& command, const std::string& example);

}  // namespace distillar::cli
