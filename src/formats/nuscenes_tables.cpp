#include "formats/nuscenes_tables.hpp"

#include <limits>
#include <unordered_set>

#include "base/error.hpp"
#include "formats/json_table.hpp"

namespace distillar::formats {

namespace {

namespace fs = std::filesystem;

/// T from the fields `rotation` (w, x, y, z) and `translation` (metres).
geometry::Pose pose_of(const JsonRow& row) {
    const auto& q = row.numbers("rotation");
    const auto& t = row.numbers("translation");
    if (q.size() != 4 || t.size() != 3) {
        row.fail("rotation", "needs 4 numbers, and translation 3");
    }
    try {
        return geometry::pose_from(q[0], q[1], q[2], q[3], {t[0], t[1], t[2]});
    } catch (const base::Error& error) {
        row.fail("rotation", std::string("is no rotation (") + error.what() + ")");
    }
}

template <typename Value>
void insert(std::map<std::string, Value>& map, const JsonRow& row, std::string_view key,
            Value value) {
    if (!map.emplace(row.text(key), std::move(value)).second) {
        row.fail(key, "repeats the token " + row.text(key));
    }
}

int pixels(const JsonRow& row, std::string_view key) {
    const std::int64_t value = row.integer_or(key, 0);
    if (value < 0 || value > std::numeric_limits<int>::max()) {
        row.fail(key, "is no image size");
    }
    return static_cast<int>(value);
}

void read_samples(const fs::path& folder, NuScenesTables& tables) {
    read_json_table(
        folder / "sample.json", {"token", "scene_token", "next", "timestamp"},
        [&](const JsonRow& row) {
            tables.samples.push_back({row.text("token"), row.text("scene_token"),
                                      row.text_or("next", ""), row.integer("timestamp")});
        });
    read_json_table(folder / "scene.json", {"token", "name"}, [&](const JsonRow& row) {
        insert(tables.scene_names, row, "token", row.text("name"));
    });
}

/// Key frames, and the tokens of the ego poses they refer to.
std::unordered_set<std::string> read_data(const fs::path& folder, NuScenesTables& tables) {
    std::unordered_set<std::string> poses;
    read_json_table(folder / "sample_data.json",
                    {"token", "sample_token", "ego_pose_token", "calibrated_sensor_token",
                     "filename", "timestamp", "width", "height", "is_key_frame"},
                    [&](const JsonRow& row) {
                        if (row.number("is_key_frame") == 0) {
                            return;
                        }
                        NuScenesTables::SampleData data;
                        data.token = row.text("token");
                        data.sample = row.text("sample_token");
                        data.ego_pose = row.text("ego_pose_token");
                        data.calibrated_sensor = row.text("calibrated_sensor_token");
                        data.file = row.text("filename");
                        data.timestamp = row.integer("timestamp");
                        data.width = pixels(row, "width");
                        data.height = pixels(row, "height");
                        poses.insert(data.ego_pose);
                        tables.data[data.sample].push_back(std::move(data));
                    });
    return poses;
}

void read_calibrations(const fs::path& folder, NuScenesTables& tables) {
    std::map<std::string, std::string> channels;
    read_json_table(folder / "sensor.json", {"token", "channel"}, [&](const JsonRow& row) {
        insert(channels, row, "token", row.text("channel"));
    });
    read_json_table(folder / "calibrated_sensor.json",
                    {"token", "sensor_token", "rotation", "translation", "camera_intrinsic"},
                    [&](const JsonRow& row) {
                        NuScenesTables::CalibratedSensor sensor;
                        const auto channel = channels.find(row.text("sensor_token"));
                        sensor.channel = channel == channels.end() ? "" : channel->second;
                        sensor.T_ego_sensor = pose_of(row);
                        sensor.intrinsic = row.numbers("camera_intrinsic");
                        if (!sensor.intrinsic.empty() && sensor.intrinsic.size() != 9) {
                            row.fail("camera_intrinsic", "needs 9 numbers or none");
                        }
                        insert(tables.calibrated, row, "token", std::move(sensor));
                    });
}

void read_ego_poses(const fs::path& folder, const std::unordered_set<std::string>& wanted,
                    NuScenesTables& tables) {
    read_json_table(folder / "ego_pose.json", {"token", "rotation", "translation"},
                    [&](const JsonRow& row) {
                        if (wanted.contains(row.text("token"))) {
                            insert(tables.ego_poses, row, "token", pose_of(row));
                        }
                    });
}

void read_labels(const fs::path& folder, NuScenesTables& tables) {
    read_json_table(folder / "category.json", {"name", "index"}, [&](const JsonRow& row) {
        const std::int64_t index = row.integer_or("index", -1);
        if (index < -1 || index > 255) {
            row.fail("index", "is no label of 0 to 255");
        }
        tables.categories.push_back({row.text("name"), static_cast<int>(index)});
    });
    if (fs::exists(folder / "lidarseg.json")) {
        read_json_table(folder / "lidarseg.json", {"sample_data_token", "filename"},
                        [&](const JsonRow& row) {
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
