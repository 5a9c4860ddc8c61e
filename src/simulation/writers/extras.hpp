#pragma once
/// The folder `extras` beside a simulated log: what its layout has no place for.
///   extras/simulation.yaml             how the log was made; numbers of the categories
///   extras/frames/000042.json          exact times and poses of a frame (frame_record.hpp)
///   extras/classes/CAMERA/STEM.png     8-bit grey: SemanticKITTI's raw id (never a moving one) of
///                                      every pixel, sky 1
///   extras/instances/CAMERA/STEM.png   red + 256 green + 65536 blue: number of the thing, 0 none
///   extras/points/LIDAR/STEM.bin       12 bytes a point (PointExtras)
#include <cstdint>
#include <filesystem>

#include "simulation/sensors/frame.hpp"

namespace distillar::simulation {

/// One point in extras/points, little-endian.
struct PointExtras {
    float time = 0;  ///< seconds after the frame's time
    std::uint16_t ring = 0;
    std::uint8_t category = 0;  ///< Category's number
    std::uint8_t moving = 0;    ///< 1: the thing moves
    std::uint32_t instance = 0;
};
static_assert(sizeof(PointExtras) == 12);

/// SemanticKITTI has no id for sky; 1 is its "outlier".
inline constexpr std::uint8_t sky_pixel = 1;

/// Value of a pixel in extras/classes.
std::uint8_t class_pixel(Category category);

void write_point_extras(const std::filesystem::path& file, const LidarScan& scan);
void write_pixel_classes(const std::filesystem::path& file, const CameraShot& shot);
void write_pixel_instances(const std::filesystem::path& file, const CameraShot& shot);

}  // namespace distillar::simulation
