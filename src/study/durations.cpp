#include "study/durations.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/files.hpp"

namespace distillar::study {

using nlohmann::json;

Durations::Durations(std::filesystem::path file) : file_(std::move(file)) {
    if (!std::filesystem::exists(file_)) {
        return;
    }
    const json entries = json::parse(base::read_text(file_), nullptr, false);
    if (!entries.is_object()) {
        return;
    }
    for (const auto& [job, entry] : entries.items()) {
        if (entry.is_object() && entry.value("seconds", json()).is_number() &&
            entry.value("group", json()).is_string()) {
            jobs_[job] = {entry["group"], entry["seconds"]};
        }
    }
}

void Durations::add(const std::string& job, const std::string& group, double seconds) {
    Entry& entry = jobs_[job];
    entry = {group, std::max(seconds, entry.seconds)};
    json entries;
    for (const auto& [name, each] : jobs_) {
        entries[name] = {{"group", each.group}, {"seconds", each.seconds}};
    }
    base::write_file(file_, entries.dump(1) + "\n");
}

std::optional<double> Durations::mean(const std::string& group) const {
    double sum = 0;
    int count = 0;
    for (const auto& [name, entry] : jobs_) {
        if (entry.group == group) {
            sum += entry.seconds;
            ++count;
        }
    }
    return count == 0 ? std::nullopt : std::optional(sum / count);
}

std::optional<double> Durations::expected(const std::string& group) const {
    const auto own = mean(group);
    if (own || jobs_.empty()) {
        return own;
    }
    double sum = 0;
    for (const auto& [name, entry] : jobs_) {
        sum += entry.seconds;
    }
    return sum / static_cast<double>(jobs_.size());
}

}  // namespace distillar::study
