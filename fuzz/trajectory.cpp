/// Times and poses of a user's log: KITTI's and TUM's lines.
#include "datasets/trajectory.hpp"

#include <algorithm>

#include "fuzz/files.hpp"

using namespace distillar;

FUZZ_TARGET(trajectory) {
    static fuzz::MemoryFile file;
    const auto& path = file.lay(bytes);
    fuzz::survive([&] {
        const auto times = datasets::read_times(path);
        fuzz::require(std::ranges::is_sorted(times), "times that do not increase");
    });
    std::size_t poses = 2;
    fuzz::survive([&] { poses = datasets::read_poses(path).size(); });
    fuzz::survive([&] {
        std::vector<double> times(poses);
        std::ranges::generate(times, [time = 0.0]() mutable { return time++; });
        const datasets::Trajectory trajectory(path, times, poses);
        for (const double time : {-1.0, 0.5, 1e9}) {
            trajectory.find(time);
        }
    });
}
