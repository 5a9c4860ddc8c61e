#pragma once
#include <spdlog/spdlog.h>

#include <filesystem>

namespace distillar::base {

/// Log lines go to stderr; `spdlog::info("...")`, `spdlog::warn("...")` write them.
/// @param quiet  only warnings and errors.
void start_log(bool quiet);

/// From now on every line also goes to this file (appended).
void log_to_file(const std::filesystem::path& file);

}  // namespace distillar::base
