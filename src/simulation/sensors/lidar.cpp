#include "simulation/sensors/lidar.hpp"

#include <algorithm>
#include <cmath>

#include "base/thread_pool.hpp"
#include "simulation/sensors/lidar_rows.hpp"
#include "simulation/sensors/lidar_shot.hpp"

namespace distillar::simulation {

namespace {

constexpr std::size_t columns_a_chunk = 32;
constexpr std::uint32_t shot_stream = 0x11da;
constexpr std::uint32_t beam_stream = 0x11db;

/// What is the same for all shots.
struct Scan {
    const Scene& scene;
    const LidarModel& model;
    const Sweep& sweep;
    std::uint64_t seed = 0, frame = 0;
    double last_delay = 0;      ///< seconds
    std::vector<float> offset;  ///< metres, each beam's
    std::vector<float> gain;    ///< each beam's
};

/// Positions of the sensor while one column fires: straight from its beginning to its end.
class ColumnPath {
public:
    ColumnPath(const Sweep& sweep, double begin, double length) : length_(length) {
        const auto into_scene = sweep.T_world_scene.inverse();
        first_ = into_scene * sweep.pose(begin);
        if (length > 0) {
            const geometry::Pose last = into_scene * sweep.pose(begin + length);
            shift_ = last.translation() - first_.translation();
            const Eigen::AngleAxisd turn(first_.linear().transpose() * last.linear());
            turn_ = turn.angle() * turn.axis();
        }
    }
    Eigen::Isometry3f at(double delay) const {
        if (length_ <= 0) {
            return first_.cast<float>();
        }
        const double share = delay / length_;
        geometry::Pose pose = first_;
        pose.translation() += share * shift_;
        const Eigen::Vector3d turn = share * turn_;
        const double angle = turn.norm();
        if (angle > 0) {
            pose.linear() *= Eigen::AngleAxisd(angle, turn / angle).toRotationMatrix();
        }
        return pose.cast<float>();
    }

private:
    double length_;
    geometry::Pose first_ = geometry::Pose::Identity();
    Eigen::Vector3d shift_ = Eigen::Vector3d::Zero();
    Eigen::Vector3d turn_ = Eigen::Vector3d::Zero();
};

Aim aim_of(const LidarModel& model, int column, const LidarModel::Beam& beam) {
    Aim aim;
    aim.azimuth = model.azimuth_begin + column * model.azimuth_step;
    if (model.azimuth_grid > 0) {
        aim.azimuth = std::round(aim.azimuth / model.azimuth_grid) * model.azimuth_grid;
    }
    aim.azimuth += static_cast<double>(beam.azimuth);
    aim.elevation =
        model.elevation_begin + column * model.elevation_step + static_cast<double>(beam.elevation);
    aim.height = beam.height;
    return aim;
}

/// 0..1 over the scene's span; things outside it stand still.
float scene_time(const Sweep& sweep, double time) {
    const double span = sweep.scene_end - sweep.scene_begin;
    return static_cast<float>(std::clamp((time - sweep.scene_begin) / span, 0.0, 1.0));
}

/// One shot: its row, if it gives one.
bool fire(const Scan& scan, const ColumnPath& path, int column, std::size_t number,
          LidarRows& rows) {
    const LidarModel& model = scan.model;
    const Aim aim = aim_of(model, column, model.beams[number]);
    const auto sample = static_cast<std::uint64_t>(column) * model.beams.size() + number;
    base::Random random(scan.seed, scan.frame, sample, shot_stream);
    const double delay = static_cast<double>(model.beams[number].delay);
    const double time = scan.sweep.time + model.begin_time + column * model.column_time + delay;

    const OwnEcho own = own_echo(model, aim, random);
    const auto echo = own.blocked ? own.echo
                                  : find_echo(scan.scene, model, path.at(delay), aim,
                                              scene_time(scan.sweep, time), random);
    if (!echo) {
        if (model.keep_missing) {
            add_row(rows, Eigen::Vector3d::Zero(), 0, {});
        }
        return model.keep_missing;
    }
    const float distance = measured_distance(model, echo->distance, scan.offset[number], random);
    const Eigen::Vector3d point =
        static_cast<double>(distance) * direction_of(aim.azimuth, aim.elevation).cast<double>() +
        Eigen::Vector3d(0, 0, static_cast<double>(aim.height));
    add_row(rows, point, measured_intensity(model, *echo, scan.gain[number], random), *echo);
    return true;
}

void fire_column(const Scan& scan, int column, LidarRows& rows) {
    const LidarModel& model = scan.model;
    const double begin = model.begin_time + column * model.column_time;
    const ColumnPath path(scan.sweep, scan.sweep.time + begin, scan.last_delay);
    for (std::size_t i = 0; i < model.beams.size(); ++i) {
        if (fire(scan, path, column, i, rows)) {
            rows.shot.push_back(static_cast<std::uint32_t>(
                static_cast<std::size_t>(column) * model.beams.size() + i));
            rows.scan.ring.push_back(
                static_cast<std::uint16_t>(model.beams[i].ring + column * model.rings_a_column));
            rows.scan.time.push_back(static_cast<float>(begin) + model.beams[i].delay);
        }
    }
}

/// Each beam has an error and a sensitivity of its own, the same in all frames.
void add_beam_errors(Scan& scan) {
    for (std::size_t i = 0; i < scan.model.beams.size(); ++i) {
        base::Random random(scan.seed, 0, i, beam_stream);
        scan.offset.push_back(scan.model.beam_offset * static_cast<float>(random.normal()));
        scan.gain.push_back(std::exp(scan.model.beam_gain * static_cast<float>(random.normal())));
        scan.last_delay = std::max(scan.last_delay, static_cast<double>(scan.model.beams[i].delay));
    }
}

}  // namespace

LidarScan scan(const Scene& scene, const LidarModel& lidar, const Sweep& sweep, std::uint64_t seed,
               std::uint64_t frame) {
    Scan work{scene, lidar, sweep, seed, frame, 0, {}, {}};
    add_beam_errors(work);
    const auto columns = static_cast<std::size_t>(lidar.columns);
    std::vector<LidarRows> chunks((columns + columns_a_chunk - 1) / columns_a_chunk);
    base::parallel_for(columns, columns_a_chunk, [&](std::size_t begin, std::size_t end) {
        LidarRows rows;
        for (std::size_t column = begin; column < end; ++column) {
            fire_column(work, static_cast<int>(column), rows);
        }
        chunks[begin / columns_a_chunk] = std::move(rows);
    });
    LidarScan result = scan_of(lidar, joined(chunks));
    result.T_world_lidar = sweep.pose(sweep.time);
    return result;
}

geometry::Points deskewed(const LidarScan& scan, const Sweep& sweep) {
    geometry::Points points(scan.points.rows(), 3);
    const geometry::Pose home = sweep.pose(sweep.time).inverse();
    geometry::Pose pose = geometry::Pose::Identity();
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
        const auto row = static_cast<std::size_t>(i);
        if (row == 0 || scan.time[row] != scan.time[row - 1]) {  // a column fires at one time
            pose = home * sweep.pose(sweep.time + static_cast<double>(scan.time[row]));
        }
        points.row(i) = (pose * scan.points.row(i).transpose()).transpose();
    }
    return points;
}

}  // namespace distillar::simulation
