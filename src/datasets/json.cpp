#include "datasets/json.hpp"

#include <cmath>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/limits.hpp"

namespace distillar::datasets {

namespace {

const nlohmann::json& object_at(const nlohmann::json& object, const char* key,
                                const std::filesystem::path& file) {
    if (!object.is_object() || !object.contains(key)) {
        base::fail_in(file, "the key '{}' is missing", key);
    }
    return object.at(key);
}

geometry::Pose pose_from_json(const nlohmann::json& value, const std::filesystem::path& file) {
    const auto& position = object_at(value, "position", file);
    const auto& heading = object_at(value, "heading", file);
    const Eigen::Vector3d translation(number_at(position, "x", file),
                                      number_at(position, "y", file),
                                      number_at(position, "z", file));
    return geometry::pose_from(number_at(heading, "w", file), number_at(heading, "x", file),
                               number_at(heading, "y", file), number_at(heading, "z", file),
                               translation);
}

}  // namespace

nlohmann::json read_json(const std::filesystem::path& file) {
    const auto text = base::read_text(file, &base::Limits::table);
    try {
        return nlohmann::json::parse(text, [&](int depth, auto, auto&) {
            // every level takes memory many times its one byte
            base::require_within(static_cast<std::uint64_t>(depth), &base::Limits::nesting, file,
                                 "nests");
            return true;
        });
    } catch (const nlohmann::json::parse_error& error) {
        base::fail_in(file, "is not JSON from byte {} on; is it damaged or cut off?", error.byte);
    } catch (const nlohmann::json::exception&) {
        base::fail_in(file, "is JSON with a number that is out of range; is it damaged?");
    }
}

double number_at(const nlohmann::json& object, const char* key, const std::filesystem::path& file) {
    const auto& value = object_at(object, key, file);
    if (!value.is_number()) {
        base::fail_in(file, "'{}' must be a number", key);
    }
    return value.get<double>();
}

std::vector<geometry::Pose> read_pandaset_poses(const std::filesystem::path& file) {
    const auto json = read_json(file);
    if (!json.is_array()) {
        base::fail_in(file, "must be a list of poses");
    }
    std::vector<geometry::Pose> poses;
    poses.reserve(json.size());
    for (const auto& value : json) {
        try {
            poses.push_back(pose_from_json(value, file));
        } catch (const base::Error& error) {
            base::fail_in(file, "pose {}: {}", poses.size(), error.what());
        }
    }
    return poses;
}

}  // namespace distillar::datasets
