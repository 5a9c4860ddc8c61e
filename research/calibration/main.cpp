// distillar-calibration: does the class of a simulated lidar point equal that of the pixel which it
// projects to? For a vehicle that stands and for one that moves.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/progress.hpp"
#include "base/thread_pool.hpp"
#include "research/calibration/report.hpp"
#include "research/run_tool.hpp"

namespace {

using namespace distillar;

constexpr double standing = 0.05, moving = 1;  ///< metres a second: below, above

struct Request {
    std::string city, rig, row;
    std::uint64_t seed = 0;
    int frames = 10;
    double interval = 0, seconds = 300, margin = 0.2;
    bool ideal = false;
    std::filesystem::path json;
    std::size_t threads = 0;
    bool started = false;  ///< inputs have been read: from now on a failure is the job's
};

/// Numbers of a drive's frames.
struct Drive {
    std::vector<int> standing, moving;
};

Drive drive_through(simulation::Simulator& simulator, double interval, double seconds) {
    constexpr double before = 0.1;
    Drive drive;
    for (int number = 0; number * interval < seconds; ++number) {
        const auto now = simulator.drive_to(number);
        const auto then = simulator.vehicle_pose(number * interval - before);
        const double speed = (now.translation() - then.translation()).norm() / before;
        if (speed < standing) {
            drive.standing.push_back(number);
        } else if (speed > moving) {
            drive.moving.push_back(number);
        }
    }
    return drive;
}

/// `count` of them, evenly spread.
std::vector<int> some_of(const std::vector<int>& numbers, int count) {
    const auto wanted = std::min(numbers.size(), static_cast<std::size_t>(count));
    std::vector<int> chosen;
    for (std::size_t i = 0; i < wanted; ++i) {
        chosen.push_back(numbers[i * numbers.size() / wanted]);
    }
    return chosen;
}

/// Without a beam's width and noise: what is left is geometry and time.
void make_ideal(simulation::LidarModel& lidar) {
    lidar.divergence = lidar.range_noise = lidar.beam_offset = lidar.range_step = 0;
}

simulation::Rig rig_for(const Request& request) {
    auto rig = simulation::load_rig(request.rig);
    if (request.interval > 0) {
        rig.interval = request.interval;
    }
    if (rig.cameras.empty()) {
        base::fail("--rig {}: it has no camera to compare with", request.rig);
    }
    for (auto& lidar : rig.lidars) {
        if (request.ideal) {
            make_ideal(lidar.model);
        }
    }
    return rig;
}

void run(Request& request) {
    base::set_thread_count(request.threads);
    const auto city = simulation::load_city(request.city);
    const auto rig = rig_for(request);
    request.started = true;
    simulation::Simulator simulator(city, rig, request.seed);
    const Drive drive = drive_through(simulator, rig.interval, request.seconds);
    std::vector<std::pair<std::string, std::vector<int>>> kinds{
        {"standing", some_of(drive.standing, request.frames)},
        {"moving", some_of(drive.moving, request.frames)}};
    base::Progress progress("frames", kinds[0].second.size() + kinds[1].second.size());
    std::vector<research::CalibrationPart> parts;
    for (const auto& [name, numbers] : kinds) {
        parts.push_back({name, {}});
        for (const int number : numbers) {
            const auto frame = simulator.frame(number);
            parts.back().sum += research::consistency_of(simulator, rig, frame, request.margin);
            progress.advance();
        }
    }
    std::fputs((request.row.empty() ? research::calibration_table(parts)
                                    : research::calibration_rows(request.row, parts))
                   .c_str(),
               stdout);
    if (!request.json.empty()) {
        base::write_file(request.json, research::calibration_json(parts));
    }
}

void add_options(CLI::App& app, Request& request) {
    app.add_option("--city", request.city, "name in configs/cities")->required();
    app.add_option("--rig", request.rig, "name in configs/rigs, or a file")->required();
    app.add_option("--seed", request.seed, "of the city and the drive")->capture_default_str();
    app.add_option("--frames", request.frames, "so many of a standing and of a moving vehicle")
        ->check(CLI::Range(1, 100000))
        ->capture_default_str();
    app.add_option("--interval", request.interval, "seconds between frames (default: the rig's)")
        ->check(CLI::PositiveNumber);
    app.add_option("--seconds", request.seconds, "length of the drive they are taken from")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_flag("--ideal", request.ideal, "lidars without noise and without a beam's width");
    app.add_option("--margin", request.margin,
                   "metres; what a camera's ray meets that near to a point does not hide it")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    app.add_option("--row", request.row,
                   "print rows of a markdown table under this name: frames, points, hidden, then "
                   "pixel / unhidden in each set of classes");
    app.add_option("--json", request.json, "write the figures here");
    app.add_option("--threads", request.threads, "0: all cores");
    app.footer(
        "Columns: pixel: the point's class is that of its pixel; unhidden: without points whose "
        "pixel shows something nearer; neighbour: or one of the eight pixels around has it; ray: "
        "it is that of what the camera's ray to the point meets; lost: points that differ from "
        "their pixel, of all points.\n"
        "Example:\n"
        "  distillar-calibration --city a --rig kitti --seed 1 --frames 20\n"
        "Exit code 0: done, 1: failed after it began, 2: wrong usage or unusable input.");
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app(
        "Compares the class of every simulated lidar point with the class of the pixel that it "
        "projects to. Points hidden from the camera are left out.",
        "distillar-calibration");
    Request request;
    add_options(app, request);
    return research::run_tool(app, argc, argv, request.started, [&] { run(request); });
}
