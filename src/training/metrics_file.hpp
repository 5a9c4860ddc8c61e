#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace distillar::training {

/// One line of a run's metrics.jsonl.
struct LoggedStep {
    std::int64_t step = 0;
    std::map<std::string, double> values;  ///< by name; NaN where the file has null
};

/// All whole lines, in order; none if there is no such file.
std::vector<LoggedStep> read_metrics(const std::filesystem::path& file);

/// Keeps the lines up to a step; later ones will be written again.
void cut_metrics(const std::filesystem::path& file, std::int64_t step);

}  // namespace distillar::training
