#include "simulation/sensors/rig.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/text.hpp"
#include "base/yaml.hpp"
#include "datasets/named_configs.hpp"
#include "simulation/writers/layouts.hpp"

namespace distillar::simulation {

namespace {

constexpr double radians = std::numbers::pi / 180;
constexpr int most_pixels = 8192;  // a side
constexpr double longest_interval = 86400;

/// A number in [low, high].
double number_at(const base::Yaml& yaml, double low, double high, const char* unit) {
    const auto value = yaml.as<double>();
    if (!(value >= low && value <= high)) {
        yaml.fail(fmt::format("{} is impossible; {} from {} to {}", value, unit, low, high));
    }
    return value;
}

double angle_at(const base::Yaml& yaml, const char* key, double limit) {
    const auto angle = yaml.find(key);
    return angle ? number_at(*angle, -limit, limit, "degrees") : 0;
}

/// `position`, `yaw`, `pitch`, `roll` of a sensor.
geometry::Pose pose_at(const base::Yaml& yaml) {
    const auto place = yaml["position"];
    const auto numbers = place.list();
    if (numbers.size() != 3) {
        place.fail(
            "must be [x, y, z]: metres forward, left and up from the road below the rear "
            "axle");
    }
    const Eigen::Vector3d position(number_at(numbers[0], -20, 20, "metres"),
                                   number_at(numbers[1], -20, 20, "metres"),
                                   number_at(numbers[2], 0.05, 20, "metres above the road"));
    return pose_from_angles(position, angle_at(yaml, "yaw", 360), angle_at(yaml, "pitch", 90),
                            angle_at(yaml, "roll", 180));
}

/// The file of a sensor: by name, or by a path from the rig's folder.
std::filesystem::path sensor_file(const base::Yaml& yaml) {
    const auto name = yaml.as<std::string>();
    return name.ends_with(".yaml") ? yaml.file().parent_path() / name
                                   : datasets::config_file("sensors", "sensor", name);
}

LidarMount lidar_at(const std::string& name, const base::Yaml& yaml) {
    yaml.allow_keys({"sensor", "position", "yaw", "pitch", "roll"});
    LidarMount mount;
    mount.name = name;
    const auto sensor = yaml["sensor"];
    try {
        mount.file = sensor_file(sensor);
        mount.model = load_lidar_file(mount.file);
    } catch (const base::Error& error) {
        sensor.fail(error.what());
    }
    mount.T_vehicle_lidar = pose_at(yaml);
    return mount;
}

/// The camera looks along the body's x: its x is right, its y down, its z forward.
geometry::Pose body_from_camera() {
    geometry::Pose pose = geometry::Pose::Identity();
    pose.linear() << 0, 0, 1, -1, 0, 0, 0, -1, 0;
    return pose;
}

geometry::Camera camera_from(const base::Yaml& yaml) {
    geometry::Camera camera;
    const auto size = yaml["size"];
    const auto sides = size.list();
    if (sides.size() != 2) {
        size.fail("must be [width, height] in pixels");
    }
    for (const auto& side : sides) {
        number_at(side, 1, most_pixels, "pixels");
    }
    camera.width = sides[0].as<int>();
    camera.height = sides[1].as<int>();
    const auto intrinsics = yaml["intrinsics"];
    const auto numbers = intrinsics.list();
    if (numbers.size() != 4) {
        intrinsics.fail("must be [fx, fy, cx, cy] in pixels");
    }
    camera.fx = number_at(numbers[0], 1, 1e5, "pixels");
    camera.fy = number_at(numbers[1], 1, 1e5, "pixels");
    camera.cx = number_at(numbers[2], -1e5, 1e5, "pixels");
    camera.cy = number_at(numbers[3], -1e5, 1e5, "pixels");
    return camera;
}

CameraMount camera_at(const std::string& name, const base::Yaml& yaml) {
    yaml.allow_keys({"size", "intrinsics", "position", "yaw", "pitch", "roll", "exposure_ms"});
    CameraMount mount;
    mount.name = name;
    mount.camera = camera_from(yaml);
    mount.T_vehicle_camera = pose_at(yaml) * body_from_camera();
    if (const auto exposure = yaml.find("exposure_ms")) {
        mount.exposure_offset = number_at(*exposure, -1000, 1000, "milliseconds") / 1000;
    }
    return mount;
}

/// Sensors are folders on disk.
void check_name(const base::Yaml& yaml, const std::string& name, const Rig& rig) {
    const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '_' || c == '-';
    });
    if (!plain) {
        yaml.fail(fmt::format("'{}' becomes a folder: use letters, digits, _ and -", name));
    }
    const bool taken = name == "extras" || name == "lidar" ||
                       std::any_of(rig.lidars.begin(), rig.lidars.end(),
                                   [&](const LidarMount& lidar) { return lidar.name == name; });
    if (taken) {
        yaml.fail(fmt::format("the name '{}' is taken; give another", name));
    }
}

void read_sensors(const base::Yaml& yaml, Rig& rig) {
    for (const auto& [name, entry] : yaml["lidars"].items()) {
        if (name != "lidar") {
            check_name(entry, name, rig);
        }
        rig.lidars.push_back(lidar_at(name, entry));
    }
    if (rig.lidars.empty()) {
        yaml["lidars"].fail("there is none; add one");
    }
    if (const auto cameras = yaml.find("cameras")) {
        for (const auto& [name, entry] : cameras->items()) {
            check_name(entry, name, rig);
            rig.cameras.push_back(camera_at(name, entry));
        }
    }
}

void read_layouts(const base::Yaml& yaml, Rig& rig) {
    for (const auto& layout : yaml.list()) {
        const auto name = layout.as<std::string>();
        const auto& known = known_layouts();
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            layout.fail(fmt::format("there is no layout '{}'; did you mean '{}'? There are: {}",
                                    name, base::nearest_name(name, known), base::join(known)));
        }
        const std::string reason = misfit(rig, name);
        if (!reason.empty()) {
            layout.fail(
                fmt::format("{} does not fit: {}; write log, which holds any rig", name, reason));
        }
        rig.layouts.push_back(name);
    }
    if (rig.layouts.empty()) {
        yaml.fail("name at least one layout; log holds any rig");
    }
}

}  // namespace

geometry::Pose pose_from_angles(const Eigen::Vector3d& position, double yaw, double pitch,
                                double roll) {
    using Eigen::AngleAxisd;
    using Eigen::Vector3d;
    geometry::Pose pose = geometry::Pose::Identity();
    pose.linear() = (AngleAxisd(yaw * radians, Vector3d::UnitZ()) *
                     AngleAxisd(-pitch * radians, Vector3d::UnitY()) *
                     AngleAxisd(roll * radians, Vector3d::UnitX()))
                        .toRotationMatrix();
    pose.translation() = position;
    return pose;
}

Rig load_rig(const std::string& name) {
    Rig rig;
    rig.file = name.ends_with(".yaml") ? std::filesystem::path(name)
                                       : datasets::config_file("rigs", "rig", name);
    rig.name = rig.file.stem().string();
    const auto yaml = base::Yaml::load(rig.file);
    yaml.allow_keys({"title", "interval", "layouts", "lidars", "cameras"});
    rig.title = yaml["title"].as<std::string>();
    rig.interval = number_at(yaml["interval"], 0.001, longest_interval, "seconds");
    read_sensors(yaml, rig);
    read_layouts(yaml["layouts"], rig);
    return rig;
}

}  // namespace distillar::simulation
