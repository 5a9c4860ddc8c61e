#include "geometry/preprocess.hpp"

#include <cmath>

#include "base/error.hpp"
#include "geometry/features.hpp"
#include "geometry/limits.hpp"
#include "geometry/prepared_scan.hpp"

namespace distillar::geometry {

void check_scan(const ScanView& scan, const InputSpec& spec) {
    const auto points = static_cast<std::size_t>(scan.points.rows());
    if (!scan.intensity.empty() && scan.intensity.size() != points) {
        base::fail("scan: {} intensities for {} points; give one each or none",
                   scan.intensity.size(), points);
    }
    if (!scan.labels.empty() && scan.labels.size() != points) {
        base::fail("scan: {} labels for {} points; give one each or none", scan.labels.size(),
                   points);
    }
    if (!(scan.scale.deviation > 0) || !std::isfinite(scan.scale.deviation) ||
        !std::isfinite(scan.scale.mean)) {
        base::fail(
            "scan: intensity scale (mean {}, deviation {}) is unusable; give finite numbers, "
            "deviation > 0",
            scan.scale.mean, scan.scale.deviation);
    }
    if (!std::isfinite(scan.sensor_height)) {
        base::fail("scan: a sensor height of {} m is unusable; give metres above the road",
                   scan.sensor_height);
    }
    if (spec.neighbors < 1 || spec.neighbors > max_neighbors) {
        base::fail("input: {} neighbours; give 1 to {} (published: 16)", spec.neighbors,
                   max_neighbors);
    }
    if (!(spec.voxel >= 0) || !std::isfinite(spec.voxel)) {
        base::fail("input: a voxel of {} m is unusable; give metres, or 0 to keep every point",
                   spec.voxel);
    }
    check_features(spec, scan);
}

void check_augmentation(const Augmentation& augmentation, const base::Random* random) {
    if (random == nullptr) {
        base::fail("augmentation: no random numbers given; pass the sample's base::Random");
    }
    if (augmentation.max_points < 0) {
        base::fail("augmentation: max_points {} is negative; give a number of points, or 0 for all",
                   augmentation.max_points);
    }
    if (!(augmentation.flip_probability >= 0 && augmentation.flip_probability <= 1)) {
        base::fail("augmentation: flip probability {} is not in [0, 1]",
                   augmentation.flip_probability);
    }
    if (!(augmentation.scale >= 0 && augmentation.scale < 1)) {
        base::fail("augmentation: scale {} is not in [0, 1); 0.1 means a factor of 0.9 to 1.1",
                   augmentation.scale);
    }
    if (!(augmentation.tilt >= 0 && augmentation.tilt <= max_tilt)) {
        base::fail("augmentation: a tilt of {} degrees is unusable; give 0 (none) to {}",
                   augmentation.tilt, max_tilt);
    }
    if (!(augmentation.height_jitter >= 0) || !std::isfinite(augmentation.height_jitter)) {
        base::fail("augmentation: a height jitter of {} m is unusable; give metres, or 0 for none",
                   augmentation.height_jitter);
    }
}

Sample preprocess(const Scan& scan, const InputSpec& spec, const Augmentation* augmentation,
                  base::Random* random, const std::vector<std::uint32_t>* visible) {
    PreparedScan prepared;
    prepare(scan, spec, prepared, augmentation, random, visible);
    Sample sample;
    sample.coordinates = points_of(prepared.coordinates);
    sample.kept = std::move(prepared.kept);
    sample.features = std::move(prepared.features);
    sample.channels = static_cast<int>(spec.features.size());
    sample.neighbors = std::move(prepared.neighbors);
    sample.neighbor_count = spec.neighbors;
    sample.cells = std::move(prepared.cells);
    if (!scan.labels.empty()) {
        for (const std::uint32_t row : sample.kept) {
            sample.labels.push_back(scan.labels[row]);
        }
    }
    return sample;
}

}  // namespace distillar::geometry
