#include "datasets/trajectory.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"

namespace distillar::datasets {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t max_text_size = 256 << 20;
constexpr std::size_t kitti_numbers = 12;
constexpr std::size_t tum_numbers = 8;

std::string place(const fs::path& file, std::size_t line) {
    return fmt::format("{}: line {}", file.string(), line);
}

/// The numbers of every line that has some, with its line number.
struct Line {
    std::size_t number;
    std::vector<double> values;
};

std::vector<Line> read_lines(const fs::path& file) {
    std::vector<Line> lines;
    std::size_t number = 0;
    for (const auto& text : base::split(base::read_text(file, max_text_size), '\n')) {
        ++number;
        const std::string content = base::trim(text);
        if (content.empty() || content.front() == '#') {
            continue;
        }
        Line line{number, {}};
        for (const auto& word : base::split(content, ' ')) {
            if (word.empty()) {
                continue;
            }
            line.values.push_back(base::parse_number(base::trim(word), place(file, number)));
            if (!std::isfinite(line.values.back())) {
                base::fail("{}: '{}' is not a finite number", place(file, number), word);
            }
        }
        lines.push_back(std::move(line));
    }
    return lines;
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
    for (const auto& line : read_lines(file)) {
        if (line.values.size() != 1) {
            base::fail("{}: {} numbers; write one time in seconds a line", place(file, line.number),
                       line.values.size());
        }
        append_time(times, line.values[0], place(file, line.number));
    }
    return times;
}

std::vector<geometry::Pose> read_poses(const fs::path& file) {
    std::vector<geometry::Pose> poses;
    for (const auto& line : read_lines(file)) {
        const std::string where = place(file, line.number);
        if (line.values.size() != kitti_numbers) {
            base::fail("{}: {} numbers; a pose has 12 (3x4, row by row)", where,
                       line.values.size());
        }
        poses.push_back(geometry::pose_from_rows(line.values, where.c_str()));
    }
    return poses;
}

Trajectory::Trajectory(const fs::path& file, const std::vector<double>& scan_times,
                       std::size_t scans)
    : file_(file) {
    const auto lines = read_lines(file);
    for (const auto& line : lines) {
        const std::string where = place(file, line.number);
        if (line.values.size() != lines.front().values.size()) {
            base::fail("{}: {} numbers, but {} in the first line", where, line.values.size(),
                       lines.front().values.size());
        }
        read_line(line.values, where);
    }
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
