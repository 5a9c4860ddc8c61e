#pragma once
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

namespace distillar::research {

/// Parses the arguments and does the work, for main().
/// @param started  true once inputs have been opened: from then on a failure is the job's.
/// @return the exit code. 0: done, 1: failed after it began, 2: wrong usage or unusable input.
template <typename Work>
int run_tool(CLI::App& app, int argc, char** argv, const bool& started, const Work& work) {
    try {
        app.parse(argc, argv);
        work();
        return 0;
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s: error: %s\n", app.get_name().c_str(), error.what());
        return started ? 1 : 2;
    }
}

}  // namespace distillar::research
