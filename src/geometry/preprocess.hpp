#pragma once
#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "geometry/batch.hpp"

namespace distillar::geometry {

/// What a network wants to see; stored in the model file.
struct InputSpec {
    /// Also "height" (z + sensor height) and "constant" (1).
    std::vector<std::string> features{"intensity", "x", "y", "z", "radius"};
    float voxel = 0.1F;  ///< metres; 0 keeps every point
    int neighbors = 16;  ///< without the point itself
    FieldOfView fov;
    std::vector<PlaneGrid> grids{{2, 256, 256}, {1, 256, 32}, {0, 256, 32}};
};

/// Intensity is fed as (raw - mean) / deviation; one that is not usable as the mean.
struct IntensityScale {
    float mean = 0;
    float deviation = 1;
};

/// A scan as read: finite points, canonical (or published) frame.
struct Scan {
    Points32 points;
    std::vector<float> intensity;  ///< N, raw, or empty if the sensor gives none
    IntensityScale scale;
    float sensor_height = 0;           ///< metres above the road; the feature "height" is z + this
    std::vector<std::uint8_t> labels;  ///< N, 255 = ignore, or empty
};

/// A scan in somebody else's memory; a Scan is one.
struct ScanView {
    ScanView(const Scan& scan)
        : points(scan.points),
          intensity(scan.intensity),
          scale(scan.scale),
          sensor_height(scan.sensor_height),
          labels(scan.labels) {}
    ScanView(const PointsView& xyz, std::span<const float> raw, const IntensityScale& of_raw,
             float height)
        : points(xyz), intensity(raw), scale(of_raw), sensor_height(height) {}

    PointsView points;
    std::span<const float> intensity;
    IntensityScale scale;
    float sensor_height;
    std::span<const std::uint8_t> labels;
};

/// Training-time randomness. The two published pipelines differ in order (methods.md 2.2).
struct Augmentation {
    enum class Order {
        distillation,  ///< augment coordinates, then compute features: consistent
        downstream     ///< features first; coordinates and features rotated independently
    };
    Order order = Order::distillation;
    bool random_voxel_point = true;
    int max_points = 20000;               ///< the nearest to a random centre; 0: no limit
    bool rotate = true;                   ///< about z by U(-pi, pi)
    double flip_probability = 2.0 / 3.0;  ///< then x or y by a fair coin
    double scale = 0.1;                   ///< isotropic, U(1 - scale, 1 + scale)
    /// [ours] degrees: a turn about a random horizontal axis on the road below the lidar by
    /// U(-tilt, tilt), before all else: streets climb, and vehicles pitch and roll.
    double tilt = 0;
    double height_jitter = 0;  ///< [ours] metres added to every z, U(-jitter, jitter)
};
constexpr auto enum_names(Augmentation::Order) {
    return std::array{"distillation", "downstream"};
}

/// Scan -> Sample: voxel grid, visible points, point limit, augmentation, field of view, features,
/// plane cells, neighbours, in the published order. Kept points stay in voxel order (the published
/// point limit leaves them by distance; nothing depends on it).
/// @param augmentation  null for validation: first point per voxel, nothing random.
/// @param random        addressed by (seed, epoch, sample); may be null without augmentation.
/// @param visible       null, or the rows of the scan to keep after voxelisation: points seen by
///                      the chosen camera in distillation.
/// @throws base::Error if a feature is unknown or needs intensity and the scan has none, a point is
///         not finite, or a setting is out of range.
/// May return an empty sample (no point in the field of view).
Sample preprocess(const Scan& scan, const InputSpec& spec, const Augmentation* augmentation,
                  base::Random* random, const std::vector<std::uint32_t>* visible = nullptr);

/// For each point of the scan the row of its nearest kept point (by original coordinates): how
/// predictions come back to every point. The sample must come from this scan and not be empty.
std::vector<std::int32_t> nearest_kept(const Scan& scan, const Sample& sample);

/// @throws base::Error if a setting or the scan's arrays are unusable.
void check_scan(const ScanView& scan, const InputSpec& spec);
/// @throws base::Error if a value is out of range or there are no random numbers.
void check_augmentation(const Augmentation& augmentation, const base::Random* random);

/// Median and spread of raw intensities, the scale of an unknown sensor from its own log. Spread is
/// 1.4826 x median absolute deviation, at least a quarter of the standard deviation (most returns
/// may be equal), 1 if all are equal. Values that are not usable are left out; of none, (0, 1). A
/// few values a thousand times further from the median than 99 % do not widen it.
IntensityScale robust_scale(std::vector<float> intensities);

/// The same in place: the values are changed.
IntensityScale robust_scale_of(std::vector<float>& intensities);

}  // namespace distillar::geometry
