#include "simulation/writers/simulation_folder.hpp"

#include "base/files.hpp"
#include "base/log.hpp"
#include "base/yaml.hpp"

namespace distillar::simulation {

namespace fs = std::filesystem;

namespace {

fs::path manifest_of(const fs::path& home) {
    return home / "extras/simulation.yaml";
}

/// The first thing in a folder, hidden files aside; empty if there is none.
fs::path something_in(const fs::path& folder, const std::string& but = "") {
    for (const auto& entry : fs::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with('.') && name != but) {
            return entry.path();
        }
    }
    return {};
}

[[noreturn]] void fail_taken(const fs::path& folder, const fs::path& thing) {
    base::fail_in(folder,
                  "holds something else ({}), not a simulation of this layout; give a new --out "
                  "folder",
                  thing.lexically_relative(folder).string());
}

}  // namespace

std::string checksum_of(const fs::path& file) {
    std::uint64_t value = 0xcbf29ce484222325;  // FNV-1a
    for (const char character : base::read_text(file)) {
        const auto letter = static_cast<unsigned char>(character);
        value = (value ^ letter) * 0x100000001b3;
    }
    return fmt::format("x{:016x}", value);
}

SimulationFolder::SimulationFolder(const Recording& recording, Manifest manifest)
    : recording_(recording), manifest_(std::move(manifest)) {
    check_root();
    const fs::path home = recording_.home();
    const fs::path file = manifest_of(home);
    if (fs::exists(file)) {
        check_same(file);
    } else if (fs::exists(home)) {
        const fs::path thing = something_in(home, "extras");
        if (!thing.empty()) {
            fail_taken(home, thing);
        }
    }
    lock();
    remove_leftovers();
}

/// A folder of sequences may hold several simulations, but nothing else.
void SimulationFolder::check_root() const {
    if (!fs::exists(recording_.root)) {
        return;
    }
    if (!fs::is_directory(recording_.root)) {
        base::fail_in(recording_.root, "is a file; give a new --out folder");
    }
    if (recording_.home() == recording_.root) {
        return;
    }
    const fs::path sequences = recording_.home().parent_path();
    const fs::path thing = something_in(recording_.root, sequences.filename().string());
    if (!thing.empty()) {
        fail_taken(recording_.root, thing);
    }
    if (!fs::exists(sequences)) {
        return;
    }
    for (const auto& entry : fs::directory_iterator(sequences)) {
        const bool ours = entry.path() == recording_.home() || fs::exists(manifest_of(entry));
        if (!ours && !entry.path().filename().string().starts_with('.')) {
            fail_taken(recording_.root, entry.path());
        }
    }
}

void SimulationFolder::check_same(const fs::path& file) const {
    const auto yaml = base::Yaml::load(file);
    for (const auto& [key, value] : manifest_) {
        const auto there = yaml[key].as<std::string>();
        if (there == value) {
            continue;
        }
        if (key.ends_with("_file")) {
            base::fail_in(file,
                          "{}: the description was changed since this simulation began; give a "
                          "new --out folder",
                          key);
        }
        base::fail_in(file,
                      "{}: this folder holds a simulation with {}, not {}; give a new --out "
                      "folder, or the same options to go on",
                      key, there, value);
    }
}

void SimulationFolder::lock() {
    lock_.emplace(recording_.extras());
    if (!lock_->held()) {
        base::fail_in(recording_.home(),
                      "another distillar simulate writes here; wait for it, or give another --out");
    }
}

/// Unfinished files of a run that was killed (base::AtomicFile).
void SimulationFolder::remove_leftovers() const {
    std::vector<fs::path> leftovers;
    for (const auto& entry : fs::recursive_directory_iterator(recording_.home())) {
        if (entry.path().extension() == ".part") {
            leftovers.push_back(entry.path());
        }
    }
    for (const auto& file : leftovers) {
        fs::remove(file);
    }
}

std::map<int, FrameRecord> SimulationFolder::complete_frames(const LayoutWriter& writer,
                                                             int start) const {
    std::map<int, FrameRecord> records;
    const fs::path folder = recording_.extras() / "frames";
    if (!fs::exists(folder)) {
        return records;
    }
    for (const auto& entry : fs::directory_iterator(folder)) {
        try {
            auto record = read_record(entry.path(), recording_.rig);
            if (entry.path().stem() == six_digits(record.index) &&
                record.number == start + record.index && writer.complete(record)) {
                records[record.index] = std::move(record);
            }
        } catch (const base::Error& error) {
            spdlog::warn("{}; the frame is simulated again", error.what());
        }
    }
    return records;
}

void SimulationFolder::write_manifest(int frames) const {
    std::string text = "# Written by distillar simulate: how this log was made.\n";
    for (const auto& [key, value] : manifest_) {
        text += fmt::format("{}: \"{}\"\n", key, value);
    }
    text += fmt::format("frames: {}\n# The numbers of `category` in extras/points.\ncategories:\n",
                        frames);
    for (int category = 0; category < category_count; ++category) {
        text += fmt::format("  {}: {}\n", category, name_of(static_cast<Category>(category)));
    }
    base::write_file(manifest_of(recording_.home()), text);
}

void SimulationFolder::add(const FrameRecord& record) const {
    base::write_file(recording_.extras() / "frames" / (six_digits(record.index) + ".json"),
                     to_json(record, recording_.rig));
}

}  // namespace distillar::simulation
