#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "geometry/camera.hpp"
#include "geometry/points.hpp"

namespace distillar::formats {

/// The rows of the nuScenes JSON tables this project needs, keyed by token. Tables are read
/// a row at a time: the full set's sample_data.json is over a gigabyte. Only key frames are kept.
struct NuScenesTables {
    struct SampleData {
        std::string token, sample, ego_pose, calibrated_sensor, file;
        std::int64_t timestamp = 0;  ///< microseconds
        int width = 0, height = 0;
    };
    struct CalibratedSensor {
        std::string channel;  ///< "LIDAR_TOP", "CAM_FRONT", ... (through sensor.json)
        geometry::Pose T_ego_sensor;
        std::vector<double> intrinsic;  ///< 9 numbers for a camera, else empty
    };
    struct Sample {
        std::string token, scene, next;
        std::int64_t timestamp = 0;
    };
    struct Category {
        std::string name;
        int index = -1;  ///< lidarseg id where the table has it
    };

    std::vector<Sample> samples;                          ///< in table order
    std::map<std::string, std::string> scene_names;       ///< scene token -> "scene-0061"
    std::map<std::string, std::vector<SampleData>> data;  ///< sample token -> its key frames
    std::map<std::string, CalibratedSensor> calibrated;
    std::map<std::string, geometry::Pose> ego_poses;  ///< T_global_ego of the kept rows
    std::map<std::string, std::string> lidarseg;      ///< sample_data token -> file
    std::vector<Category> categories;
};

/// @param folder  `.../v1.0-*`. lidarseg.json may be absent; any other missing table is an error
///                naming it. Dangling tokens are kept: only what is asked for must resolve.
NuScenesTables read_nuscenes_tables(const std::filesystem::path& folder);

}  // namespace distillar::formats
