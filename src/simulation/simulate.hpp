#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "simulation/writers/layout_writer.hpp"

namespace distillar::simulation {

struct SimulateOptions {
    std::string city;      ///< configs/cities/NAME.yaml
    std::string rig;       ///< configs/rigs/NAME.yaml, or a file
    std::string layout;    ///< of known_layouts(); "": the rig's first
    std::string sequence;  ///< digits: "00" (semantickitti), "0061" (nuscenes); "": "00"
    int frames = 1;
    int start = 0;        ///< number of the drive's frame that becomes the log's first
    double interval = 0;  ///< seconds between frames; 0: the rig's
    std::uint64_t seed = 0;
    std::filesystem::path out;
    std::string version;  ///< of the program
};

struct SimulateReport {
    std::filesystem::path folder;  ///< give this to a reader
    std::string layout;
    int frames = 0;  ///< that the log has now
    int kept = 0;    ///< of these: were there before
};

/// Simulates a log and writes it. A folder that holds the same simulation, whole or in part, is
/// continued: frames that are there are kept. The result is the same bytes however often it was
/// interrupted and for any number of threads.
/// @param started  called once everything that the user named has been read and fits.
/// @throws base::Error for unknown names, options that do not fit, and an output folder that holds
///         something else or a simulation with other options (naming the first difference).
SimulateReport simulate(const SimulateOptions& options, const std::function<void()>& started);

/// Where frames come from: the frame of this number on the drive.
using FrameSource = std::function<SimulatedFrame(int)>;

/// The part of simulate() behind the simulator: writes the frames that are not there yet.
SimulateReport write_simulation(const SimulateOptions& options, const Rig& rig,
                                const FrameSource& source, const std::function<void()>& started);

}  // namespace distillar::simulation
