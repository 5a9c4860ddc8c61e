#include "simulation/writers/nuscenes_names.hpp"

#include <cmath>

#include "base/error.hpp"

namespace distillar::simulation {

namespace {

constexpr std::int64_t first_timestamp = 1577836800000000;

/// FNV-1a, then mixed so that every digit depends on every letter.
std::uint64_t hash_of(const std::string& text, std::uint64_t start) {
    std::uint64_t value = start;
    for (const char character : text) {
        const auto letter = static_cast<unsigned char>(character);
        value = (value ^ letter) * 0x100000001b3;
    }
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    return value ^ (value >> 31);
}

std::string file_stem(const Recording& recording, const std::string& channel, double time) {
    return fmt::format("samples/{}/{}__{}__{}", channel, log_name(recording), channel,
                       nuscenes_timestamp(time));
}

}  // namespace

std::int64_t nuscenes_timestamp(double seconds) {
    return first_timestamp + std::llround(seconds * 1e6);
}

std::string nuscenes_token(const Recording& recording, const std::string& what) {
    const std::string text = fmt::format("{}/{}/{}/{}/{}", recording.city, recording.rig.name,
                                         recording.seed, recording.sequence, what);
    return fmt::format("{:016x}{:016x}", hash_of(text, 0xcbf29ce484222325),
                       hash_of(text, 0x9e3779b97f4a7c15));
}

std::string scene_name(const Recording& recording) {
    return fmt::format("scene-{:0>4}", recording.sequence);
}

std::string log_name(const Recording& recording) {
    return fmt::format("sim-{}-s{}-{:0>4}", recording.city, recording.seed, recording.sequence);
}

std::string scan_name(const Recording& recording, const FrameRecord& record) {
    return file_stem(recording, "LIDAR_TOP", record.time) + ".pcd.bin";
}

std::string image_name(const Recording& recording, const FrameRecord& record, std::size_t camera) {
    return file_stem(recording, recording.rig.cameras[camera].name, record.cameras[camera].time) +
           ".jpg";
}

std::string lidarseg_name(const Recording& recording, const FrameRecord& record) {
    return fmt::format("lidarseg/{}/{}_lidarseg.bin", nuscenes_version,
                       data_token(recording, "LIDAR_TOP", record.index));
}

std::string map_name(const Recording& recording) {
    return "maps/" + nuscenes_token(recording, "map") + ".png";
}

std::string data_token(const Recording& recording, const std::string& channel, int index) {
    return nuscenes_token(recording, fmt::format("data/{}/{}", channel, index));
}

}  // namespace distillar::simulation
