/// SemanticKITTI's layout: sequences/NN/{velodyne, labels, image_2, calib.txt, poses.txt,
/// times.txt}. Poses are those of camera 0, relative to its first one, as in KITTI's odometry.
#include <array>

#include "base/error.hpp"
#include "base/files.hpp"
#include "formats/kitti.hpp"
#include "simulation/writers/layout_writer.hpp"

namespace distillar::simulation {

namespace fs = std::filesystem;

namespace {

/// Where KITTI's cameras stand: x_camera = x_camera0 + offset, metres (calib.txt of 2011_09_26).
/// Only camera 2 is simulated; the others' lines make calib.txt whole.
const std::array<Eigen::Vector3d, 4> offsets{{
    {0, 0, 0},
    {-0.5371505882, 0, 0},
    {0.0598492648, -0.0003579272, 0.002745884},
    {-0.4728626640, 0.0023949698, 0.002729905},
}};

/// KITTI's camera 2 for rigs without one: readers need a calib.txt.
geometry::Camera kitti_camera() {
    return {geometry::CameraModel::pinhole, 1242, 375, 721.5377, 721.5377, 609.5593, 172.854, {}};
}

geometry::Pose T_camera0_lidar(const Rig& rig) {
    geometry::Pose pose = geometry::Pose::Identity();
    if (rig.cameras.empty()) {  // at the lidar, looking forward
        pose.linear() << 0, -1, 0, 0, 0, -1, 1, 0, 0;
        return pose;
    }
    pose = rig.cameras[0].T_vehicle_camera.inverse() * rig.lidars[0].T_vehicle_lidar;
    pose.translation() -= offsets[2];
    return pose;
}

/// "KEY: 12 numbers", row by row.
std::string line_of(const std::string& key, const Eigen::Matrix<double, 3, 4>& matrix) {
    std::string line = key.empty() ? "" : key + ":";
    for (int row = 0; row < 3; ++row) {
        for (int column = 0; column < 4; ++column) {
            line += fmt::format("{}{:.12e}", line.empty() ? "" : " ", matrix(row, column));
        }
    }
    return line + "\n";
}

std::string calibration_of(const Rig& rig) {
    const geometry::Camera camera = rig.cameras.empty() ? kitti_camera() : rig.cameras[0].camera;
    Eigen::Matrix3d intrinsics;
    intrinsics << camera.fx, 0, camera.cx, 0, camera.fy, camera.cy, 0, 0, 1;
    std::string text;
    for (std::size_t i = 0; i < offsets.size(); ++i) {
        Eigen::Matrix<double, 3, 4> projection;
        projection << intrinsics, intrinsics * offsets[i];
        text += line_of(fmt::format("P{}", i), projection);
    }
    return text + line_of("Tr", T_camera0_lidar(rig).matrix().topRows<3>());
}

class SemanticKittiWriter final : public LayoutWriter {
public:
    using LayoutWriter::LayoutWriter;

    fs::path scan_file(const FrameRecord& record, std::size_t) const override {
        return recording().home() / "velodyne" / (six_digits(record.index) + ".bin");
    }
    fs::path label_file(const FrameRecord& record, std::size_t) const override {
        return recording().home() / "labels" / (six_digits(record.index) + ".label");
    }
    fs::path image_file(const FrameRecord& record, std::size_t camera) const override {
        return recording().home() / recording().rig.cameras[camera].name /
               (six_digits(record.index) + ".png");
    }

    void write_tables(const std::vector<FrameRecord>& records, bool) const override {
        const geometry::Pose T_camera_lidar = T_camera0_lidar(recording().rig);
        geometry::Pose T_first_world = geometry::Pose::Identity();
        std::string poses;
        std::string times;
        for (const auto& record : records) {
            const geometry::Pose T_world_camera =
                record.lidars[0].T_world_lidar * T_camera_lidar.inverse();
            if (times.empty()) {
                T_first_world = T_world_camera.inverse();
            }
            const geometry::Pose pose = T_first_world * T_world_camera;
            poses += line_of("", pose.matrix().topRows<3>());
            times += fmt::format("{:e}\n", record.time - records.front().time);
        }
        base::write_file(recording().home() / "calib.txt", calibration_of(recording().rig));
        base::write_file(recording().home() / "times.txt", times);
        base::write_file(recording().home() / "poses.txt", poses);
    }

protected:
    void write_scan(const LidarScan& scan, const FrameRecord& record,
                    std::size_t lidar) const override {
        auto instance = scan.instance;
        for (auto& number : instance) {  // the layout has 16 bits; extras hold them all
            number = number == 0 ? 0 : (number - 1) % 0xFFFF + 1;
        }
        formats::write_kitti_labels(label_file(record, lidar), semantickitti_labels(scan),
                                    instance);
        formats::Cloud cloud;
        cloud.points = scan.points;
        cloud.intensity = scan.intensity;
        formats::write_kitti_bin(scan_file(record, lidar), cloud);
    }
};

}  // namespace

std::unique_ptr<LayoutWriter> make_semantickitti_writer(Recording recording) {
    return std::make_unique<SemanticKittiWriter>(std::move(recording));
}

}  // namespace distillar::simulation
