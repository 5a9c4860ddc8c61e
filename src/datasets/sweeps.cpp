#include "datasets/sweeps.hpp"

#include <cmath>
#include <limits>
#include <map>

#include "base/error.hpp"

namespace distillar::datasets {

namespace {

/// A frame next to another one of its sequence.
struct Neighbour {
    std::size_t index;  ///< in the mixture
    int step;           ///< -1: the one before
    double offset;      ///< seconds
    geometry::Pose T_neighbour_frame;
};

bool placed(const Frame& outline) {
    return outline.T_world_frame && outline.time;
}

Frame outline_of(const Mixture& mixture, std::size_t index) {
    const auto place = mixture.place(index);
    return mixture.part(place.part).outline(place.index);
}

/// The frame `step` places away, if it is of the same drive and both know where and when.
std::optional<Neighbour> neighbour_of(const Mixture& mixture, std::size_t index, int step) {
    const auto away = static_cast<std::size_t>(std::abs(step));
    if (step == 0 || (step < 0 ? index < away : mixture.size() - index <= away)) {
        return std::nullopt;
    }
    const std::size_t other = step < 0 ? index - away : index + away;
    if (mixture.place(other).part != mixture.place(index).part) {
        return std::nullopt;
    }
    const Frame here = outline_of(mixture, index);
    const Frame there = outline_of(mixture, other);
    if (there.sequence != here.sequence || !placed(here) || !placed(there)) {
        return std::nullopt;
    }
    // The general inverse: a file's rotation is one only to its digits, and worlds are wide.
    return Neighbour{other, step, *there.time - *here.time,
                     there.T_world_frame->inverse(Eigen::Affine) * *here.T_world_frame};
}

/// In order of time; of any distance in time.
std::vector<Neighbour> neighbours_of(const Mixture& mixture, std::size_t index,
                                     const Sweeps& sweeps) {
    std::vector<Neighbour> neighbours;
    for (int step = -sweeps.before; step <= sweeps.after; ++step) {
        if (const auto neighbour = neighbour_of(mixture, index, step)) {
            neighbours.push_back(*neighbour);
        }
    }
    return neighbours;
}

CameraView seen_from(const CameraView& own, const Neighbour& neighbour) {
    CameraView view = own;
    view.name = fmt::format("{}{:+}", own.name, neighbour.step);
    view.T_camera_lidar = own.T_camera_lidar * neighbour.T_neighbour_frame;
    view.border.depth = geometry::BorderRule::Depth::camera_z;
    view.offset = neighbour.offset;
    return view;
}

/// What would say where and when the frames of a format were.
std::string source_of_poses(const std::string& format) {
    static const std::map<std::string, std::string> sources{
        {"pandaset", "lidar/poses.json and meta/timestamps.json of a sequence"},
        {"nuscenes", "the rows of LIDAR_TOP in sample_data.json and ego_pose.json"},
        {"semantickitti", "poses.txt, times.txt and calib.txt of a sequence"},
        {"log", "`poses` and `times` of `lidar` in log.yaml"}};
    const auto found = sources.find(format);
    return found == sources.end() ? "another format than " + format : found->second;
}

/// Why the part gives no neighbour at all.
std::string shortage_of(const Dataset& part) {
    bool poses = false;
    bool times = false;
    for (std::size_t i = 0; i < part.size() && !(poses && times); ++i) {
        const Frame outline = part.outline(i);
        poses = poses || outline.T_world_frame;
        times = times || outline.time;
    }
    if (poses && times) {
        return "no two frames side by side are of one sequence and have a pose and a time";
    }
    const char* missing = poses ? "time" : (times ? "pose" : "pose and no time");
    return fmt::format("its frames have no {}; they come from {}", missing,
                       source_of_poses(part.format()));
}

[[noreturn]] void fail_without_neighbours(const Mixture& mixture) {
    std::string message = "no frame has a neighbouring sweep (`fuse.sweeps`)";
    for (std::size_t part = 0; part < mixture.parts(); ++part) {
        message += fmt::format("; {}: {}", mixture.selection(part).path.string(),
                               shortage_of(mixture.part(part)));
    }
    throw base::Error(message);
}

}  // namespace

std::vector<CameraView> neighbour_views(const Mixture& mixture, std::size_t index,
                                        const Sweeps& sweeps) {
    std::vector<CameraView> views;
    for (const auto& neighbour : neighbours_of(mixture, index, sweeps)) {
        if (std::abs(neighbour.offset) > sweeps.limit) {
            continue;
        }
        const auto frame = mixture.read(neighbour.index);
        for (const auto& view : frame->views) {
            views.push_back(seen_from(view, neighbour));
        }
    }
    return views;
}

void require_sweeps(const Mixture& mixture, const Sweeps& sweeps) {
    if (sweeps.before == 0 && sweeps.after == 0) {
        return;
    }
    double nearest = std::numeric_limits<double>::infinity();
    std::size_t part = 0;
    for (std::size_t index = 0; index < mixture.size(); ++index) {
        for (const auto& neighbour : neighbours_of(mixture, index, sweeps)) {
            if (std::abs(neighbour.offset) < nearest) {
                nearest = std::abs(neighbour.offset);
                part = mixture.place(index).part;
            }
        }
        if (nearest <= sweeps.limit) {
            return;
        }
    }
    if (std::isinf(nearest)) {
        fail_without_neighbours(mixture);
    }
    base::fail_in(mixture.selection(part).path,
                  "the nearest two sweeps are {:.3g} s apart, and `fuse.sweeps.limit` is {:.3g} s; "
                  "raise it, or select frames that lie closer",
                  nearest, sweeps.limit);
}

}  // namespace distillar::datasets
