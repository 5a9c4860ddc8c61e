#include "simulation/writers/frame_record.hpp"

#include "base/yaml.hpp"

namespace distillar::simulation {

namespace {

std::string text_of(const geometry::Pose& pose) {
    std::string text = "[";
    for (int row = 0; row < 3; ++row) {
        for (int column = 0; column < 4; ++column) {
            text += fmt::format("{}{}", row + column == 0 ? "" : ", ", pose(row, column));
        }
    }
    return text + "]";
}

geometry::Pose pose_at(const base::Yaml& yaml) {
    try {
        return geometry::pose_from_rows(yaml.as<std::vector<double>>(), "pose");
    } catch (const base::Error& error) {
        yaml.fail(error.what());
    }
}

}  // namespace

FrameRecord record_of(const SimulatedFrame& frame, int index) {
    FrameRecord record;
    record.index = index;
    record.number = frame.number;
    record.time = frame.time;
    record.T_world_vehicle = frame.T_world_vehicle;
    for (const auto& scan : frame.lidars) {
        record.lidars.push_back(
            {static_cast<std::uint64_t>(scan.points.rows()), scan.T_world_lidar});
    }
    for (const auto& shot : frame.cameras) {
        record.cameras.push_back({shot.time, shot.T_world_vehicle, shot.T_world_camera});
    }
    return record;
}

std::string to_json(const FrameRecord& record, const Rig& rig) {
    std::string text =
        fmt::format("{{\n\"index\": {}, \"number\": {}, \"time\": {},\n\"T_world_vehicle\": {},\n",
                    record.index, record.number, record.time, text_of(record.T_world_vehicle));
    text += "\"lidars\": {";
    for (std::size_t i = 0; i < record.lidars.size(); ++i) {
        const auto& lidar = record.lidars[i];
        text += fmt::format("{}\n  \"{}\": {{\"points\": {}, \"T_world_lidar\": {}}}",
                            i == 0 ? "" : ",", rig.lidars.at(i).name, lidar.points,
                            text_of(lidar.T_world_lidar));
    }
    text += "},\n\"cameras\": {";
    for (std::size_t i = 0; i < record.cameras.size(); ++i) {
        const auto& camera = record.cameras[i];
        text += fmt::format(
            "{}\n  \"{}\": {{\"time\": {},\n    \"T_world_vehicle\": {},\n"
            "    \"T_world_camera\": {}}}",
            i == 0 ? "" : ",", rig.cameras.at(i).name, camera.time, text_of(camera.T_world_vehicle),
            text_of(camera.T_world_camera));
    }
    return text + "}\n}\n";
}

FrameRecord read_record(const std::filesystem::path& file, const Rig& rig) {
    const auto yaml = base::Yaml::load(file);  // JSON is YAML
    FrameRecord record;
    record.index = yaml["index"].as<int>();
    record.number = yaml["number"].as<int>();
    record.time = yaml["time"].as<double>();
    record.T_world_vehicle = pose_at(yaml["T_world_vehicle"]);
    for (const auto& mount : rig.lidars) {
        const auto lidar = yaml["lidars"][mount.name];
        record.lidars.push_back(
            {lidar["points"].as<std::uint64_t>(), pose_at(lidar["T_world_lidar"])});
    }
    for (const auto& mount : rig.cameras) {
        const auto camera = yaml["cameras"][mount.name];
        record.cameras.push_back({camera["time"].as<double>(), pose_at(camera["T_world_vehicle"]),
                                  pose_at(camera["T_world_camera"])});
    }
    return record;
}

std::string six_digits(int index) {
    return fmt::format("{:06}", index);
}

}  // namespace distillar::simulation
