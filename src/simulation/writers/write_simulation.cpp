#include "simulation/simulate.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/error.hpp"
#include "base/progress.hpp"
#include "base/stop.hpp"
#include "simulation/streets/city.hpp"
#include "simulation/writers/layouts.hpp"
#include "simulation/writers/simulation_folder.hpp"

namespace distillar::simulation {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int most_frames = 1000000;                       // six digits
constexpr auto between_tables = std::chrono::seconds(30);  // while the simulation runs

std::string sequence_of(const SimulateOptions& options, const std::string& layout) {
    if (layout == "log") {
        if (!options.sequence.empty()) {
            base::fail("--sequence {}: a log has no sequences; leave it out", options.sequence);
        }
        return "";
    }
    const std::string sequence = options.sequence.empty() ? "00" : options.sequence;
    const bool digits = std::all_of(sequence.begin(), sequence.end(),
                                    [](char letter) { return letter >= '0' && letter <= '9'; });
    const std::size_t most = layout == "nuscenes" ? 4 : 2;
    if (!digits || sequence.size() < 2 || sequence.size() > most) {
        base::fail("--sequence {}: {} needs {} digits, e.g. 00", sequence, layout,
                   most == 2 ? "two" : "two to four");
    }
    return sequence;
}

void check_numbers(const SimulateOptions& options, const Rig& rig) {
    if (options.frames < 1 || options.frames > most_frames) {
        base::fail("--frames {}: give 1 to {}", options.frames, most_frames);
    }
    if (options.start < 0) {
        base::fail("--start {}: the drive begins with frame 0", options.start);
    }
    for (const auto& camera : rig.cameras) {
        if (std::abs(camera.exposure_offset) * 2 >= rig.interval) {
            base::fail(
                "--interval {}: the camera {} exposes {:g} ms off the frame's time; give more than "
                "{:g} s, so that images and scans pair",
                rig.interval, camera.name, camera.exposure_offset * 1000,
                std::abs(camera.exposure_offset) * 2);
        }
    }
}

Manifest manifest_of(const SimulateOptions& options, const Recording& recording) {
    Manifest manifest{{"city", options.city},
                      {"rig", recording.rig.name},
                      {"layout", recording.layout},
                      {"sequence", recording.sequence},
                      {"seed", fmt::format("{}", options.seed)},
                      {"start", fmt::format("{}", options.start)},
                      {"interval", fmt::format("{}", recording.rig.interval)},
                      {"version", options.version},
                      {"rig_file", checksum_of(recording.rig.file)},
                      {"city_file", checksum_of(city_file(options.city))}};
    for (const auto& lidar : recording.rig.lidars) {
        manifest.emplace_back(lidar.name + "_file", checksum_of(lidar.file));
    }
    return manifest;
}

/// The frames from the first on without a gap.
std::vector<FrameRecord> leading(const std::map<int, FrameRecord>& records) {
    std::vector<FrameRecord> result;
    for (const auto& [index, record] : records) {
        if (index != static_cast<int>(result.size())) {
            break;
        }
        result.push_back(record);
    }
    return result;
}

}  // namespace

SimulateReport write_simulation(const SimulateOptions& options, const Rig& rig,
                                const FrameSource& source, const std::function<void()>& started) {
    check_numbers(options, rig);
    const std::string layout = choose_layout(rig, options.layout);
    const auto writer = make_writer(
        {options.out, layout, sequence_of(options, layout), options.city, rig, options.seed});
    const Recording& recording = writer->recording();
    const SimulationFolder folder(recording, manifest_of(options, recording));
    auto records = folder.complete_frames(*writer, options.start);
    const int kept = static_cast<int>(records.size());
    const int frames = std::max(options.frames, kept == 0 ? 0 : records.rbegin()->first + 1);
    folder.write_manifest(frames);
    started();

    base::Progress progress("simulate", static_cast<std::uint64_t>(frames),
                            static_cast<std::uint64_t>(kept));
    auto next_tables = Clock::now();
    for (int index = 0; index < frames; ++index) {
        if (records.contains(index)) {
            continue;
        }
        if (Clock::now() >= next_tables) {
            writer->write_tables(leading(records), false);
            next_tables = Clock::now() + between_tables;
        }
        const SimulatedFrame frame = source(options.start + index);
        const FrameRecord record = record_of(frame, index);
        writer->write_frame(frame, record);
        folder.add(record);
        records[index] = record;
        progress.advance();
        if (base::stop_requested()) {
            break;
        }
    }
    writer->write_tables(leading(records), true);
    if (static_cast<int>(records.size()) < frames) {
        base::stop_if_requested(
            fmt::format("stopped after {} of {} frames", records.size(), frames));
    }
    return {recording.root, layout, frames, kept};
}

}  // namespace distillar::simulation
