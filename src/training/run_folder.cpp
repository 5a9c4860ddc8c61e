#include "training/run_folder.hpp"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "base/error.hpp"
#include "base/file_calls.hpp"
#include "base/log.hpp"
#include "base/publish_folder.hpp"
#include "base/text.hpp"
#include "base/yaml.hpp"
#include "formats/safetensors.hpp"
#include "formats/tfevents.hpp"
#include "training/run.hpp"

namespace distillar::training {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

std::uint32_t checksum(const fs::path& file) {
    const base::MappedFile mapped(file);
    const auto bytes = mapped.bytes();
    return static_cast<std::uint32_t>(
        crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

json entry_of(const fs::path& file) {
    return {{"bytes", fs::file_size(file)}, {"crc32", checksum(file)}};
}

/// Reads a checkpoint whose every file is as its manifest says.
Checkpoint read_checkpoint(const fs::path& folder) {
    const json manifest = json::parse(base::read_text(folder / "manifest.json", 1 << 20));
    for (const auto& [name, entry] : manifest.at("files").items()) {
        if (entry_of(folder / name) != entry) {
            base::fail_in(folder / name, "differs from the manifest's size or checksum");
        }
    }
    Checkpoint checkpoint;
    checkpoint.step = manifest.at("step").get<std::int64_t>();
    checkpoint.model = formats::read_safetensors(folder / "model.safetensors").tensors;
    checkpoint.optimiser = formats::read_safetensors(folder / "optimiser.safetensors").tensors;
    return checkpoint;
}

constexpr std::string_view checkpoint_prefix = "step-";

/// Beside the others as damaged-step-NNNNNNNN: were it readable again after the run went on from an
/// older one, its step would have no metrics.
void put_aside(const fs::path& checkpoint) {
    const fs::path aside = checkpoint.parent_path() / ("damaged-" + checkpoint.filename().string());
    std::error_code ignored;
    fs::remove_all(aside, ignored);
    if (base::file_calls::rename(checkpoint, aside) != 0) {
        base::fail_in(checkpoint, "cannot be put aside: {}; remove it", std::strerror(errno));
    }
}

std::int64_t step_of(const fs::path& checkpoint) {
    const std::string name = checkpoint.filename().string();
    return base::parse_integer(name.substr(checkpoint_prefix.size()), checkpoint.string());
}

/// The values of a config by their whole keys.
void flatten(const base::Yaml& yaml, const std::string& key,
             std::map<std::string, std::string>& values) {
    if (!yaml.is_map()) {
        values[key] = yaml.dump();
        return;
    }
    for (const auto& [name, value] : yaml.items()) {
        flatten(value, key.empty() ? name : key + "." + name, values);
    }
}

/// Seconds since 1970.
double wall_time() {
    const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
    return now.count();
}

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

std::vector<std::string> differing_keys(const std::string& a, const std::string& b) {
    std::map<std::string, std::string> before, now;
    flatten(base::Yaml::parse(a, "config.yaml"), "", before);
    flatten(base::Yaml::parse(b, "config.yaml"), "", now);
    std::set<std::string> keys;
    for (const auto* values : {&before, &now}) {
        for (const auto& [key, value] : *values) {
            keys.insert(key);
        }
    }
    const auto text = [](const auto& values, const std::string& key) {
        const auto found = values.find(key);
        return found == values.end() ? "not given" : base::one_line(found->second);
    };
    std::vector<std::string> differing;
    for (const auto& key : keys) {
        const std::string old = text(before, key), given = text(now, key);
        if (old != given) {
            differing.push_back(fmt::format("{} was {}, is {}", key, old, given));
        }
    }
    return differing;
}

RunFolder::RunFolder(fs::path folder, const BaseConfig& config)
    : folder_(std::move(folder)),
      resolved_(config.resolved),
      keep_newest_(config.keep_checkpoints),
      keep_every_(config.keep_every) {
    const fs::path config_file = folder_ / "config.yaml";
    const bool there = fs::exists(config_file);
    if (there) {
        require_same(config_file, config);
    } else if (fs::is_regular_file(folder_)) {
        base::fail_in(folder_, "is a file; give a new --run folder");
    } else if (fs::exists(folder_) && !fs::is_empty(folder_)) {
        base::fail_in(folder_, "is not empty and holds no run; give a new --run folder");
    }
    lock_.emplace(folder_);
    if (!lock_->held()) {
        base::fail_in(folder_,
                      "another distillar trains in this folder; wait for its end, or give another "
                      "--run folder");
    }
    if (!there) {
        base::write_file(config_file, resolved_);
    }
    base::log_to_file(folder_ / "log.txt");
}

void RunFolder::require_same(const fs::path& config_file, const BaseConfig& config) const {
    const std::string before = base::read_text(config_file);
    if (says_the_same(before, config)) {
        return;
    }
    constexpr std::size_t most = 8;
    auto differing = differing_keys(before, resolved_);
    if (differing.size() > most) {
        const std::size_t more = differing.size() - most;
        differing.resize(most);
        differing.push_back(fmt::format("{} more", more));
    }
    base::fail_in(config_file,
                  "holds a run of another {}{}; give another --run folder, or remove this one to "
                  "start again",
                  differing.empty() ? "stage" : "config: ", base::join(differing, "; "));
}

bool RunFolder::finished() const {
    const bool there = fs::exists(model_file());
    if (there) {
        spdlog::info("{}: this run is finished", model_file().string());
    }
    return there;
}

std::vector<fs::path> RunFolder::checkpoints() const {
    std::vector<fs::path> found;
    if (fs::is_directory(folder_ / "checkpoints")) {
        for (const auto& entry : fs::directory_iterator(folder_ / "checkpoints")) {
            if (entry.path().filename().string().starts_with(checkpoint_prefix) &&
                fs::exists(entry.path() / "manifest.json")) {
                found.push_back(entry.path());
            }
        }
    }
    std::sort(found.rbegin(), found.rend());
    return found;
}

std::optional<Checkpoint> RunFolder::resume() {
    std::optional<Checkpoint> checkpoint;
    for (const auto& candidate : checkpoints()) {
        try {
            checkpoint = read_checkpoint(candidate);
            break;
        } catch (const std::exception& error) {
            spdlog::warn("{}: damaged, trying an older checkpoint ({})", candidate.string(),
                         error.what());
            put_aside(candidate);
        }
    }
    const fs::path metrics = metrics_file();
    if (fs::exists(metrics)) {
        cut_metrics(metrics, checkpoint ? checkpoint->step : 0);
    }
    if (checkpoint) {
        spdlog::info("resuming at step {}", checkpoint->step);
    }
    metrics_ = base::RecordFile(metrics);
    start_events();
    return checkpoint;
}

void RunFolder::start_events() {
    const double now = wall_time();
    std::string events = formats::event_file_header(now);
    for (const auto& logged : read_metrics(metrics_file())) {
        events += formats::event_record({now, logged.step, logged.values});
    }
    const fs::path file = folder_ / "events.out.tfevents.distillar";
    base::write_file(file, events);
    events_ = base::RecordFile(file);
}

void RunFolder::save(const Checkpoint& checkpoint) {
    const fs::path place =
        folder_ / "checkpoints" / fmt::format("{}{:08}", checkpoint_prefix, checkpoint.step);
    const fs::path folder = folder_ / "checkpoints/unfinished";
    fs::remove_all(folder);  // of a run that was killed while it wrote
    const std::string step = std::to_string(checkpoint.step);
    formats::write_safetensors(folder / "model.safetensors", checkpoint.model);
    formats::write_safetensors(folder / "optimiser.safetensors", checkpoint.optimiser);
    formats::write_safetensors(folder / "state.safetensors", {}, {{"step", step}});
    json manifest = {{"schema", 1},
                     {"step", checkpoint.step},
                     {"config", config_hash(resolved_)},
                     {"version", program_version()}};
    for (const char* name : {"model.safetensors", "optimiser.safetensors", "state.safetensors"}) {
        manifest["files"][name] = entry_of(folder / name);
    }
    base::write_file(folder / "manifest.json", manifest.dump(1) + "\n");
    base::publish_folder(folder, place);
    remove_older();
}

void RunFolder::remove_older() const {
    int kept = 0;
    for (const auto& candidate : checkpoints()) {
        if (kept++ < keep_newest_ || (keep_every_ > 0 && step_of(candidate) % keep_every_ == 0)) {
            continue;
        }
        std::error_code error;
        fs::remove_all(candidate, error);
        if (error) {
            spdlog::warn("{}: cannot be removed: {}", candidate.string(), error.message());
        }
    }
}

void RunFolder::log_metrics(std::int64_t step, const std::map<std::string, double>& values) {
    json line = {{"step", step}};
    for (const auto& [name, value] : values) {
        line[name] = std::isfinite(value) ? json(value) : json(nullptr);
    }
    metrics_.append(line.dump() + "\n");
    events_.append(formats::event_record({wall_time(), step, values}));
}

}  // namespace distillar::training
