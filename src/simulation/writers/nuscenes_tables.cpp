/// The tables of nuScenes (v1.0, with lidarseg), as the official devkit reads them.
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "datasets/taxonomy.hpp"
#include "formats/image.hpp"
#include "simulation/writers/nuscenes_names.hpp"

namespace distillar::simulation {

namespace {

using Json = nlohmann::ordered_json;

/// Fills the tables of one recording row by row.
class Tables {
public:
    Tables(const Recording& recording, const std::vector<FrameRecord>& records)
        : recording_(recording), records_(records) {}

    void write() const {
        if (!std::filesystem::exists(recording_.root / map_name(recording_))) {
            // The devkit wants a mask of the driveable surface to be there: an empty one.
            formats::write_png(recording_.root / map_name(recording_),
                               formats::GrayImage{1, 1, {0}});
        }
        for (const char* empty : {"attribute", "visibility", "instance", "sample_annotation"}) {
            save(empty, Json::array());
        }
        save("category", categories());
        save("sensor", sensors());
        save("calibrated_sensor", calibrated_sensors());
        save_one("log", {{"token", token("log")},
                         {"logfile", log_name(recording_)},
                         {"vehicle", recording_.rig.name},
                         {"date_captured", "2020-01-01"},
                         {"location", "simulated-" + recording_.city}});
        save_one("map", {{"category", "semantic_prior"},
                         {"token", token("map")},
                         {"filename", map_name(recording_)},
                         {"log_tokens", Json::array({token("log")})}});
        save_frames();
        save("sample", samples());
        save_one("scene", {{"token", token("scene")},
                           {"log_token", token("log")},
                           {"nbr_samples", records_.size()},
                           {"first_sample_token", sample_token(0)},
                           {"last_sample_token", sample_token(records_.size() - 1)},
                           {"name", scene_name(recording_)},
                           {"description", "Simulated: city " + recording_.city}});
    }

private:
    std::string token(const std::string& what) const { return nuscenes_token(recording_, what); }
    /// "" beyond the ends: how the tables mark them.
    std::string sample_token(std::size_t place) const {
        return place < records_.size() ? token(fmt::format("sample/{}", records_[place].index))
                                       : "";
    }
    std::string data_token_at(const std::string& channel, std::size_t place) const {
        return place < records_.size() ? data_token(recording_, channel, records_[place].index)
                                       : "";
    }

    void save(const std::string& name, const Json& rows) const {
        base::write_file(recording_.root / nuscenes_version / (name + ".json"),
                         rows.dump(0) + "\n");
    }

    void save_one(const std::string& name, const Json& row) const {
        Json rows = Json::array();
        rows.push_back(row);
        save(name, rows);
    }

    Json categories() const {
        Json rows = Json::array();
        for (const auto& [id, name] : datasets::load_taxonomy("nuscenes-ns16").raw_names) {
            rows.push_back({{"token", token("category/" + name)},
                            {"name", name},
                            {"description", ""},
                            {"index", id}});
        }
        return rows;
    }

    Json sensors() const {
        Json rows = Json::array();
        const auto add = [&](const std::string& channel, const char* modality) {
            rows.push_back({{"token", token("sensor/" + channel)},
                            {"channel", channel},
                            {"modality", modality}});
        };
        add("LIDAR_TOP", "lidar");
        for (const auto& camera : recording_.rig.cameras) {
            add(camera.name, "camera");
        }
        return rows;
    }

    Json calibrated(const std::string& channel, const geometry::Pose& T_vehicle_sensor,
                    Json intrinsics) const {
        Json row{{"token", token("calibrated/" + channel)},
                 {"sensor_token", token("sensor/" + channel)}};
        add_pose(row, T_vehicle_sensor);
        row["camera_intrinsic"] = std::move(intrinsics);
        return row;
    }

    Json calibrated_sensors() const {
        geometry::Pose T_canonical_lidar = geometry::Pose::Identity();  // from x right, y forward
        T_canonical_lidar.linear() << 0, 1, 0, -1, 0, 0, 0, 0, 1;
        Json rows = Json::array();
        rows.push_back(calibrated("LIDAR_TOP",
                                  recording_.rig.lidars[0].T_vehicle_lidar * T_canonical_lidar,
                                  Json::array()));
        for (const auto& mount : recording_.rig.cameras) {
            const auto& camera = mount.camera;
            rows.push_back(calibrated(
                mount.name, mount.T_vehicle_camera,
                {{camera.fx, 0.0, camera.cx}, {0.0, camera.fy, camera.cy}, {0.0, 0.0, 1.0}}));
        }
        return rows;
    }

    static void add_pose(Json& row, const geometry::Pose& pose) {
        const Eigen::Quaterniond q(pose.linear());
        const Eigen::Vector3d t = pose.translation();
        row["translation"] = {t.x(), t.y(), t.z()};
        row["rotation"] = {q.w(), q.x(), q.y(), q.z()};
    }

    Json ego_pose(const std::string& channel, std::size_t place, double time,
                  const geometry::Pose& T_world_vehicle) const {
        Json row{{"token", data_token_at(channel, place)}, {"timestamp", nuscenes_timestamp(time)}};
        add_pose(row, T_world_vehicle);
        return row;
    }

    Json sample_data(const std::string& channel, std::size_t place, double time,
                     const std::string& file, const geometry::Camera& camera) const {
        return {{"token", data_token_at(channel, place)},
                {"sample_token", sample_token(place)},
                {"ego_pose_token", data_token_at(channel, place)},
                {"calibrated_sensor_token", token("calibrated/" + channel)},
                {"timestamp", nuscenes_timestamp(time)},
                {"fileformat", camera.width == 0 ? "pcd" : "jpg"},
                {"is_key_frame", true},
                {"height", camera.height},
                {"width", camera.width},
                {"filename", file},
                {"prev", data_token_at(channel, place - 1)},
                {"next", data_token_at(channel, place + 1)}};
    }

    void save_frames() const {
        Json poses = Json::array();
        Json data = Json::array();
        Json labels = Json::array();
        for (std::size_t place = 0; place < records_.size(); ++place) {
            const auto& record = records_[place];
            poses.push_back(ego_pose("LIDAR_TOP", place, record.time, record.T_world_vehicle));
            data.push_back(sample_data("LIDAR_TOP", place, record.time,
                                       scan_name(recording_, record), geometry::Camera{}));
            labels.push_back({{"token", data_token_at("LIDAR_TOP", place)},
                              {"sample_data_token", data_token_at("LIDAR_TOP", place)},
                              {"filename", lidarseg_name(recording_, record)}});
            for (std::size_t i = 0; i < record.cameras.size(); ++i) {
                const auto& mount = recording_.rig.cameras[i];
                const auto& camera = record.cameras[i];
                poses.push_back(ego_pose(mount.name, place, camera.time, camera.T_world_vehicle));
                data.push_back(sample_data(mount.name, place, camera.time,
                                           image_name(recording_, record, i), mount.camera));
            }
        }
        save("ego_pose", poses);
        save("lidarseg", labels);
        save("sample_data", data);
    }

    Json samples() const {
        Json rows = Json::array();
        for (std::size_t place = 0; place < records_.size(); ++place) {
            rows.push_back({{"token", sample_token(place)},
                            {"timestamp", nuscenes_timestamp(records_[place].time)},
                            {"prev", sample_token(place - 1)},
                            {"next", sample_token(place + 1)},
                            {"scene_token", token("scene")}});
        }
        return rows;
    }

    const Recording& recording_;
    const std::vector<FrameRecord>& records_;
};

}  // namespace

void write_nuscenes_tables(const Recording& recording, const std::vector<FrameRecord>& records) {
    Tables(recording, records).write();
}

}  // namespace distillar::simulation
