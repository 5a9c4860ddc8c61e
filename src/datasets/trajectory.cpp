#include "datasets/trajectory.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/limits.hpp"
#include "datasets/text_numbers.hpp"

namespace distillar::datasets {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kitti_numbers = 12;
constexpr std::size_t tum_numbers = 8;

std::string place(const fs::path& file, std::size_t line) {
    return fmt::format("{}: line {}", file.string(), line);
}

/// Calls `use` with the numbers of every line that is no comment, and the line's place.
template <typename Use>
void for_number_lines(const fs::path& file, Use&& use) {
    const std::string text = base::read_text(file, &base::Limits::table);
    for_filled_lines(text, [&](std::size_t number, std::string_view line) {
        if (line[line.find_first_not_of(" \t\r")] != '#') {
            const std::string where = place(file, number);
            use(finite_numbers(line, where), where);
        }
    });
}

void append_time(std::vector<double>& times, double time, const std::string& where) {
    if (!times.empty() && !(time > times.back())) {
        base::fail("{}: the time {} is not after the one before, {}; sort them", where, time,
                   times.back());
    }
    times.push_back(time);
}

}  // namespace

std::vector<double> read_times(const fs::path& file) {
    std::vector<double> times;
    for_number_lines(file, [&](const std::vector<double>& numbers, const std::string& where) {
        if (numbers.size() != 1) {
            base::fail("{}: {} numbers; write one time in seconds a line", where, numbers.size());
        }
        append_time(times, numbers[0], where);
    });
    return times;
}

std::vector<geometry::Pose> read_poses(const fs::path& file) {
    std::vector<geometry::Pose> poses;
    for_number_lines(file, [&](const std::vector<double>& numbers, const std::string& where) {
        if (numbers.size() != kitti_numbers) {
            base::fail("{}: {} numbers; a pose has 12 (3x4, row by row)", where, numbers.size());
        }
        poses.push_back(geometry::pose_from_rows(numbers, where.c_str()));
    });
    return poses;
}

Trajectory::Trajectory(const fs::path& file, const std::vector<double>& scan_times,
                       std::size_t scans)
    : file_(file) {
    std::size_t of_first_line = 0;
    for_number_lines(file, [&](const std::vector<double>& numbers, const std::string& where) {
        of_first_line = of_first_line == 0 ? numbers.size() : of_first_line;
        if (numbers.size() != of_first_line) {
            base::fail("{}: {} numbers, but {} in the first line", where, numbers.size(),
                       of_first_line);
        }
        read_line(numbers, where);
    });
    if (times_.empty()) {
        if (poses_.size() != scans) {
            base::fail_in(file, "{} poses for {} scans; write one 3x4 pose a scan, or TUM lines",
                          poses_.size(), scans);
        }
        times_ = scan_times;
    }
}

void Trajectory::read_line(const std::vector<double>& numbers, const std::string& where) {
    if (numbers.size() == kitti_numbers) {
        poses_.push_back(geometry::pose_from_rows(numbers, where.c_str()));
    } else if (numbers.size() == tum_numbers) {
        append_time(times_, numbers[0], where);
        try {
            poses_.push_back(geometry::pose_from(numbers[7], numbers[4], numbers[5], numbers[6],
                                                 {numbers[1], numbers[2], numbers[3]}));
        } catch (const base::Error& error) {
            base::fail("{}: {}", where, error.what());
        }
    } else {
        base::fail(
            "{}: {} numbers; a pose has 12 (KITTI: 3x4, row by row) or 8 (TUM: time x y z "
            "qx qy qz qw)",
            where, numbers.size());
    }
}

std::optional<geometry::Pose> Trajectory::find(double time) const {
    if (!usable()) {
        return std::nullopt;
    }
    // The interval [i, i + 1] that holds the time, or the nearest one.
    const auto after = std::upper_bound(times_.begin(), times_.end(), time);
    const auto place_after = static_cast<std::size_t>(after - times_.begin());
    const std::size_t i = std::clamp<std::size_t>(place_after, 1, times_.size() - 1) - 1;
    const double part = (time - times_[i]) / (times_[i + 1] - times_[i]);
    if (part < -1 || part > 2) {
        return std::nullopt;
    }
    const Eigen::Quaterniond first(poses_[i].linear());
    const Eigen::Quaterniond second(poses_[i + 1].linear());
    geometry::Pose pose = geometry::Pose::Identity();
    pose.linear() = first.slerp(part, second).normalized().toRotationMatrix();
    pose.translation() = (1 - part) * poses_[i].translation() + part * poses_[i + 1].translation();
    return pose;
}

geometry::Pose Trajectory::at(double time) const {
    const auto pose = find(time);
    if (!pose) {
        base::fail_in(file_, "has poses from {} to {} s, none near {} s", times_.front(),
                      times_.back(), time);
    }
    return *pose;
}

}  // namespace distillar::datasets
