#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/folder_lock.hpp"
#include "simulation/writers/layout_writer.hpp"

namespace distillar::simulation {

/// Everything that decides a simulated log's bytes but the number of frames: key and value, in
/// the order in which differences are named.
using Manifest = std::vector<std::pair<std::string, std::string>>;

/// Checksum of a YAML file that a simulation depends on.
std::string checksum_of(const std::filesystem::path& file);

/// The folder of one simulated log, claimed for this process.
class SimulationFolder {
public:
    /// Claims a new or empty folder, or one that holds the same simulation.
    /// @throws base::Error if it holds something else, a simulation with another manifest, or if
    ///         another process writes to it.
    SimulationFolder(const Recording& recording, Manifest manifest);
    SimulationFolder(const SimulationFolder&) = delete;
    SimulationFolder& operator=(const SimulationFolder&) = delete;

    /// Records of the frames whose files are all there, by index.
    std::map<int, FrameRecord> complete_frames(const LayoutWriter& writer, int start) const;
    /// extras/simulation.yaml, with the number of frames that the log is to have.
    void write_manifest(int frames) const;
    /// Marks a frame as complete.
    void add(const FrameRecord& record) const;

private:
    void check_root() const;
    void check_same(const std::filesystem::path& file) const;
    void lock();
    void remove_leftovers() const;

    const Recording& recording_;
    Manifest manifest_;
    std::optional<base::FolderLock> lock_;
};

}  // namespace distillar::simulation
