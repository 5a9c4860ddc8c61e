#include "formats/nuscenes_tables.hpp"

#include <unordered_set>

#include "base/error.hpp"
#include "formats/json.hpp"

namespace distillar::formats {

namespace {

namespace fs = std::filesystem;

void read_table(const fs::path& file, const std::vector<std::string_view>& wanted,
                const std::function<void(JsonFields&)>& use) {
    if (!fs::is_regular_file(file)) {
        base::fail_in(file, "the table is missing; copy the data set's whole v1.0-* folder");
    }
    read_json_rows(file, wanted, use);
}

/// T from the fields `rotation` (w, x, y, z) and `translation` (metres).
geometry::Pose pose_of(JsonFields& row) {
    const auto q = row.numbers("rotation", 4);
    const auto t = row.numbers("translation", 3);
    try {
        return geometry::pose_from(q[0], q[1], q[2], q[3], {t[0], t[1], t[2]});
    } catch (const base::Error& error) {
        row.fail("rotation", std::string("is no rotation (") + error.what() + ")");
    }
}

template <typename Value>
void insert(std::map<std::string, Value>& map, JsonFields& row, const char* key, Value value) {
    if (!map.emplace(row.text(key), std::move(value)).second) {
        row.fail(key, "repeats the token " + row.text(key));
    }
}

int pixels(JsonFields& row, const char* key) {
    const int value = row.has(key) ? row.integer(key) : 0;
    if (value < 0) {
        row.fail(key, "is no image size");
    }
    return value;
}

void read_samples(const fs::path& folder, NuScenesTables& tables) {
    read_table(folder / "sample.json", {"token", "scene_token", "next", "timestamp"},
               [&](JsonFields& row) {
                   tables.samples.push_back({row.text("token"), row.text("scene_token"),
                                             row.has("next") ? row.text("next") : "",
                                             row.integer64("timestamp")});
               });
    read_table(folder / "scene.json", {"token", "name"}, [&](JsonFields& row) {
        insert(tables.scene_names, row, "token", row.text("name"));
    });
}

/// Key frames, and the tokens of the ego poses they refer to.
std::unordered_set<std::string> read_data(const fs::path& folder, NuScenesTables& tables) {
    std::unordered_set<std::string> poses;
    read_table(folder / "sample_data.json",
               {"token", "sample_token", "ego_pose_token", "calibrated_sensor_token", "filename",
                "timestamp", "width", "height", "is_key_frame"},
               [&](JsonFields& row) {
                   if (!row.flag("is_key_frame")) {
                       return;
                   }
                   NuScenesTables::SampleData data;
                   data.token = row.text("token");
                   data.sample = row.text("sample_token");
                   data.ego_pose = row.text("ego_pose_token");
                   data.calibrated_sensor = row.text("calibrated_sensor_token");
                   data.file = row.text("filename");
                   data.timestamp = row.integer64("timestamp");
                   data.width = pixels(row, "width");
                   data.height = pixels(row, "height");
                   poses.insert(data.ego_pose);
                   tables.data[data.sample].push_back(std::move(data));
               });
    return poses;
}

void read_calibrations(const fs::path& folder, NuScenesTables& tables) {
    std::map<std::string, std::string> channels;
    read_table(folder / "sensor.json", {"token", "channel"},
               [&](JsonFields& row) { insert(channels, row, "token", row.text("channel")); });
    read_table(folder / "calibrated_sensor.json",
               {"token", "sensor_token", "rotation", "translation", "camera_intrinsic"},
               [&](JsonFields& row) {
                   NuScenesTables::CalibratedSensor sensor;
                   const auto channel = channels.find(row.text("sensor_token"));
                   sensor.channel = channel == channels.end() ? "" : channel->second;
                   sensor.T_ego_sensor = pose_of(row);
                   sensor.intrinsic = row.matrix("camera_intrinsic");
                   if (!sensor.intrinsic.empty() && sensor.intrinsic.size() != 9) {
                       row.fail("camera_intrinsic", "needs 9 numbers or none");
                   }
                   insert(tables.calibrated, row, "token", std::move(sensor));
               });
}

void read_ego_poses(const fs::path& folder, const std::unordered_set<std::string>& wanted,
                    NuScenesTables& tables) {
    read_table(folder / "ego_pose.json", {"token", "rotation", "translation"},
               [&](JsonFields& row) {
                   if (wanted.contains(row.text("token"))) {
                       insert(tables.ego_poses, row, "token", pose_of(row));
                   }
               });
}

void read_labels(const fs::path& folder, NuScenesTables& tables) {
    read_table(folder / "category.json", {"name", "index"}, [&](JsonFields& row) {
        const int index = row.has("index") ? row.integer("index") : -1;
        if (index < -1 || index > 255) {
            row.fail("index", "is no label of 0 to 255");
        }
        tables.categories.push_back({row.text("name"), index});
    });
    if (fs::exists(folder / "lidarseg.json")) {
        read_table(folder / "lidarseg.json", {"sample_data_token", "filename"},
                   [&](JsonFields& row) {
                       insert(tables.lidarseg, row, "sample_data_token", row.text("filename"));
                   });
    }
}

}  // namespace

NuScenesTables read_nuscenes_tables(const fs::path& folder) {
    NuScenesTables tables;
    read_samples(folder, tables);
    const auto poses = read_data(folder, tables);
    read_calibrations(folder, tables);
    read_ego_poses(folder, poses, tables);
    read_labels(folder, tables);
    return tables;
}

}  // namespace distillar::formats
