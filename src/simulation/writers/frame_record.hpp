#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "simulation/sensors/frame.hpp"
#include "simulation/sensors/rig.hpp"

namespace distillar::simulation {

/// What is known of one written frame besides points and pixels: exact times and poses. The files
/// that hold all frames (poses, times, tables) are made from these alone. On disk one JSON file a
/// frame; its presence says that all other files of the frame are there.
struct FrameRecord {
    struct Lidar {
        std::uint64_t points = 0;
        geometry::Pose T_world_lidar = geometry::Pose::Identity();  ///< at the frame's time
    };
    struct Camera {
        double time = 0;                                              ///< of the exposure
        geometry::Pose T_world_vehicle = geometry::Pose::Identity();  ///< at exposure
        geometry::Pose T_world_camera = geometry::Pose::Identity();   ///< at exposure
    };
    int index = 0;    ///< place in the log, from 0: what files are named by
    int number = 0;   ///< place on the simulated drive
    double time = 0;  ///< seconds since the drive began
    geometry::Pose T_world_vehicle = geometry::Pose::Identity();
    std::vector<Lidar> lidars;    ///< in the rig's order
    std::vector<Camera> cameras;  ///< in the rig's order
};

FrameRecord record_of(const SimulatedFrame& frame, int index);

/// JSON whose numbers read back to the bit. Sensors by name; a pose is 3x4, row by row.
std::string to_json(const FrameRecord& record, const Rig& rig);
/// @throws base::Error naming file, line and key.
FrameRecord read_record(const std::filesystem::path& file, const Rig& rig);

/// "000042".
std::string six_digits(int index);

}  // namespace distillar::simulation
