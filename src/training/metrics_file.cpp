#include "training/metrics_file.hpp"

#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/files.hpp"

namespace distillar::training {

namespace {

using nlohmann::json;

/// Calls visit with every line that holds a step: a write that was cut off left none.
void each_line(const std::filesystem::path& file,
               const std::function<void(const std::string&, const json&)>& visit) {
    if (!std::filesystem::exists(file)) {
        return;
    }
    std::istringstream in(base::read_text(file));
    for (std::string line; std::getline(in, line);) {
        const json entry = json::parse(line, nullptr, false);
        if (entry.is_object() && entry.contains("step") && entry["step"].is_number_integer()) {
            visit(line, entry);
        }
    }
}

}  // namespace

std::vector<LoggedStep> read_metrics(const std::filesystem::path& file) {
    std::vector<LoggedStep> steps;
    each_line(file, [&](const std::string&, const json& entry) {
        LoggedStep logged{entry["step"].get<std::int64_t>(), {}};
        for (const auto& [name, value] : entry.items()) {
            if (name != "step") {
                logged.values[name] = value.is_number() ? value.get<double>()
                                                        : std::numeric_limits<double>::quiet_NaN();
            }
        }
        steps.push_back(std::move(logged));
    });
    return steps;
}

void cut_metrics(const std::filesystem::path& file, std::int64_t step) {
    std::string kept;
    each_line(file, [&](const std::string& line, const json& entry) {
        if (entry["step"].get<std::int64_t>() <= step) {
            kept += line + "\n";
        }
    });
    base::write_file(file, kept);
}

}  // namespace distillar::training
