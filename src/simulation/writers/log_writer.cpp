/// The format `log` for any rig: log.yaml, scans as PCD (ring, time, label and instance are
/// fields), images as JPEG. One lidar: log.yaml stands in the folder itself. Several: one folder a
/// lidar, each with its own log.yaml, and the images beside.
#include <map>

#include "base/error.hpp"
#include "base/files.hpp"
#include "datasets/taxonomy.hpp"
#include "formats/pcd.hpp"
#include "simulation/writers/layout_writer.hpp"

namespace distillar::simulation {

namespace fs = std::filesystem;

namespace {

std::string rows_of(const geometry::Pose& pose) {
    std::string text = "[";
    for (int row = 0; row < 4; ++row) {
        text += fmt::format("[{}, {}, {}, {}]{}", pose(row, 0), pose(row, 1), pose(row, 2),
                            pose(row, 3), row < 3 ? ",\n      " : "]");
    }
    return text;
}

/// TUM: time, position, quaternion (x y z w).
std::string pose_line(double time, const geometry::Pose& pose) {
    const Eigen::Quaterniond q(pose.linear());
    const Eigen::Vector3d t = pose.translation();
    return fmt::format("{} {} {} {} {} {} {} {}\n", time, t.x(), t.y(), t.z(), q.x(), q.y(), q.z(),
                       q.w());
}

/// SemanticKITTI's ids: the points' labels are these.
std::string label_names() {
    std::string text = "# raw id: name, SemanticKITTI's\n";
    for (const auto& [id, name] : datasets::load_taxonomy("semantickitti-sk19").raw_names) {
        text += fmt::format("{}: {}\n", id, name);
    }
    return text;
}

class LogWriter final : public LayoutWriter {
public:
    using LayoutWriter::LayoutWriter;

    fs::path scan_file(const FrameRecord& record, std::size_t lidar) const override {
        return lidar_folder(lidar) / "lidar" / (six_digits(record.index) + ".pcd");
    }
    fs::path image_file(const FrameRecord& record, std::size_t camera) const override {
        return recording().home() / recording().rig.cameras[camera].name /
               (six_digits(record.index) + ".jpg");
    }

    void write_tables(const std::vector<FrameRecord>& records, bool finished) const override {
        base::write_file(recording().home() / "classes.yaml", label_names());
        for (std::size_t camera = 0; camera < recording().rig.cameras.size(); ++camera) {
            std::string times;
            for (const auto& record : records) {
                times += fmt::format("{}\n", record.cameras[camera].time);
            }
            base::write_file(
                recording().home() / recording().rig.cameras[camera].name / "times.txt", times);
        }
        for (std::size_t lidar = 0; lidar < recording().rig.lidars.size(); ++lidar) {
            write_lidar(records, lidar, finished);
        }
    }

protected:
    void write_scan(const LidarScan& scan, const FrameRecord& record,
                    std::size_t lidar) const override {
        formats::Cloud cloud;
        cloud.points = scan.points.cast<float>().cast<double>();
        cloud.intensity = scan.intensity;
        cloud.ring = scan.ring;
        cloud.time.assign(scan.time.begin(), scan.time.end());
        cloud.label = semantickitti_labels(scan);
        cloud.instance = scan.instance;
        formats::write_pcd(scan_file(record, lidar), cloud);
    }

private:
    bool single() const { return recording().rig.lidars.size() == 1; }

    fs::path lidar_folder(std::size_t lidar) const {
        return single() ? recording().home()
                        : recording().home() / recording().rig.lidars[lidar].name;
    }

    void write_lidar(const std::vector<FrameRecord>& records, std::size_t lidar,
                     bool finished) const {
        std::string times;
        for (const auto& record : records) {
            times += fmt::format("{}\n", record.time);
        }
        const fs::path folder = lidar_folder(lidar);
        base::write_file(folder / "lidar" / "times.txt", times);
        base::write_file(folder / "lidar" / "poses.txt", poses_of(records, lidar));
        base::write_file(folder / "log.yaml", finished ? description(lidar) : unfinished());
    }

    /// T_world_lidar at every scan and exposure, so that a reader need not guess between them.
    std::string poses_of(const std::vector<FrameRecord>& records, std::size_t lidar) const {
        const geometry::Pose T_vehicle_lidar = recording().rig.lidars[lidar].T_vehicle_lidar;
        std::map<double, geometry::Pose> poses;
        for (const auto& record : records) {
            for (const auto& camera : record.cameras) {
                poses[camera.time] = camera.T_world_vehicle * T_vehicle_lidar;
            }
            poses[record.time] = record.lidars[lidar].T_world_lidar;
        }
        std::string text;
        for (const auto& [time, pose] : poses) {
            text += pose_line(time, pose);
        }
        return text;
    }

    std::string unfinished() const {
        return "# distillar simulate was stopped; the same command goes on where it was\n"
               "distillar-log: unfinished (run the same distillar simulate command again)\n";
    }

    std::string description(std::size_t index) const {
        const LidarMount& lidar = recording().rig.lidars[index];
        const std::string up = single() ? "" : "../";
        std::string text = fmt::format(
            "# Simulated: city {}, rig {}, seed {}. extras/simulation.yaml has the details.\n"
            "distillar-log: 1\n"
            "lidar:\n"
            "  scans: lidar/*.pcd\n"
            "  sensor: {}\n"
            "  height: {}\n"
            "  times: lidar/times.txt\n"
            "  poses: lidar/poses.txt\n"
            "labels: {{names: {}classes.yaml}}  # the scans' own field `label`\n",
            recording().city, recording().rig.name, recording().seed, lidar.model.name,
            lidar.T_vehicle_lidar.translation().z(), up);
        text += recording().rig.cameras.empty() ? "" : "cameras:\n";
        for (const auto& mount : recording().rig.cameras) {
            const auto& camera = mount.camera;
            text += fmt::format(
                "  {}:\n"
                "    images: {}{}/*.jpg\n"
                "    times: {}{}/times.txt\n"
                "    size: [{}, {}]\n"
                "    model: pinhole\n"
                "    intrinsics: [{}, {}, {}, {}]\n"
                "    T_camera_lidar: {}\n",
                mount.name, up, mount.name, up, mount.name, camera.width, camera.height, camera.fx,
                camera.fy, camera.cx, camera.cy,
                rows_of(mount.T_vehicle_camera.inverse() * lidar.T_vehicle_lidar));
        }
        return text;
    }
};

}  // namespace

std::unique_ptr<LayoutWriter> make_log_writer(Recording recording) {
    return std::make_unique<LogWriter>(std::move(recording));
}

}  // namespace distillar::simulation
