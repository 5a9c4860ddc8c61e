#pragma once
#include <CLI/CLI.hpp>
#include <string>

namespace distillar::cli {

/// One line for a mistake on the command line, with the nearest known option or command: what
/// CLI::App::failure_message wants.
std::string usage_error(const CLI::App* app, const CLI::Error& error);

}  // namespace distillar::cli
