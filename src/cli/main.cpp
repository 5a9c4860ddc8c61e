#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/progress.hpp"
#include "base/shell_word.hpp"
#include "base/stop.hpp"
#include "base/text.hpp"
#include "base/thread_pool.hpp"
#include "cli/command.hpp"
#include "cli/usage_errors.hpp"

namespace distillar::cli {

void add_quiet_option(CLI::App& command, Session& session) {
    command.add_flag("--quiet", session.quiet, "only warnings and errors; no progress bar");
    command.parse_complete_callback([&session] {
        base::start_log(session.quiet);
        base::hide_progress(session.quiet);
    });
}

void add_common_options(CLI::App& command, Session& session) {
    add_quiet_option(command, session);
    command
        .add_option_function<std::size_t>(
            "--threads", [](std::size_t threads) { base::set_thread_count(threads); },
            "number of threads (default: all cores)")
        ->check(CLI::Range(1, 1024));
}

void add_trust_option(CLI::App& command, bool& trust) {
    command.add_flag("--trust", trust,
                     "run the TorchScript module that the config names as teacher: it is a "
                     "program; use modules from people you trust");
}

void add_limit_option(CLI::App& command) {
    const auto below = command.get_subcommands([](const CLI::App*) { return true; });
    for (CLI::App* one : below) {
        add_limit_option(*one);
    }
    if (!below.empty()) {
        return;
    }
    command
        .add_option_function<std::vector<std::string>>(
            "--limit",
            [](const std::vector<std::string>& values) {
                for (const auto& value : values) {
                    base::set_limit(value);
                }
            },
            "what a file that you trust may ask for: points=20000000 (docs/reliability.md)")
        ->type_name("NAME=VALUE ...")
        ->delimiter(',')
        ->allow_extra_args(false);
}

void add_skip_bad_option(CLI::App& command, bool& skip_bad) {
    command.add_flag("--skip-bad", skip_bad,
                     "leave out frames with a damaged file, with a warning, and count them");
}

void add_example(CLI::App& command, const std::string& example) {
    command.footer("Example:\n  " + example);
}

namespace {

int report(const Session& session, const std::string& message) {
    std::fprintf(stderr, "distillar: error: %s\n", base::one_line(message).c_str());
    return session.started ? 1 : 2;
}

/// Not an error: what is done is kept, and the same words go on.
int report_stop(const char* how_far, int argc, char** argv) {
    std::string line;
    for (int i = 0; i < argc; ++i) {
        line += " " + base::shell_word(argv[i]);
    }
    std::printf("%s; to go on:\n %s\n", how_far, line.c_str());
    return 0;
}

int run(int argc, char** argv) {
    Session session;
    CLI::App app("Lidar segmentation that works on your sensor without labelling it again.",
                 "distillar");
    app.set_version_flag("--version", DISTILLAR_VERSION);
    app.require_subcommand(1);
    app.failure_message(usage_error);
    add_info(app, session);
    add_project(app, session);
    add_draw(app, session);
    add_features(app, session);
    add_pretrain(app, session);
    add_probe(app, session);
    add_train(app, session);
    add_adapt(app, session);
    add_fuse(app, session);
    add_teacher(app, session);
    add_evaluate(app, session);
    add_segment(app, session);
    add_convert(app, session);
    add_quantize(app, session);
    add_inspect(app, session);
    add_simulate(app, session);
    add_bench(app, session);
    add_study(app, session);
    add_config(app, session);
    add_limit_option(app);
    base::start_log(false);
    try {
        app.parse(argc, argv);
        return 0;
    } catch (const CLI::ParseError& error) {
        const bool asked_for_help = app.exit(error) == 0;
        return asked_for_help ? 0 : 2;
    } catch (const base::Stopped& stopped) {
        return report_stop(stopped.what(), argc, argv);
    } catch (const std::filesystem::filesystem_error& error) {
        return report(session, fmt::format("{}: {}; check the path", error.path1().string(),
                                           error.code().message()));
    } catch (const std::exception& error) {
        return report(session, error.what());
    }
}

}  // namespace

}  // namespace distillar::cli

int main(int argc, char** argv) {
    return distillar::cli::run(argc, argv);
}
