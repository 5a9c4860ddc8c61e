#include "base/log.hpp"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>

#include "base/error.hpp"

namespace distillar::base {

void start_log(bool quiet) {
    auto logger = std::make_shared<spdlog::logger>(
        "distillar", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
    logger->set_pattern("%H:%M:%S %^%l%$ %v");
    logger->set_level(quiet ? spdlog::level::warn : spdlog::level::info);
    spdlog::set_default_logger(std::move(logger));
}

void log_to_file(const std::filesystem::path& file) {
    try {
        auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file.string());
        sink->set_pattern("%Y-%m-%d %H:%M:%S %l %v");
        spdlog::default_logger()->sinks().push_back(std::move(sink));
        spdlog::default_logger()->flush_on(spdlog::level::info);
    } catch (const spdlog::spdlog_ex& error) {
        fail_in(file, "cannot be written: {}; check the folder, its permissions and free space",
                error.what());
    }
}

}  // namespace distillar::base
