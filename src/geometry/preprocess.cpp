#include "geometry/preprocess.hpp"

#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "geometry/augment.hpp"
#include "geometry/features.hpp"
#include "geometry/neighbors.hpp"
#include "geometry/prepared_scan.hpp"
#include "geometry/voxel_grid.hpp"

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
    constexpr int max_neighbors = 1024;
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

namespace {

using Rows = std::vector<std::uint32_t>;

void check(const Augmentation& augmentation, const base::Random* random) {
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
    if (!(augmentation.tilt >= 0 && augmentation.tilt <= 45)) {
        base::fail("augmentation: a tilt of {} degrees is unusable; give 0 (none) to 45",
                   augmentation.tilt);
    }
    if (!(augmentation.height_jitter >= 0) || !std::isfinite(augmentation.height_jitter)) {
        base::fail("augmentation: a height jitter of {} m is unusable; give metres, or 0 for none",
                   augmentation.height_jitter);
    }
}

Points32 select(const Points32& points, const Rows& rows) {
    Points32 selected(static_cast<Eigen::Index>(rows.size()), 3);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        selected.row(static_cast<Eigen::Index>(i)) = points.row(rows[i]);
    }
    return selected;
}

template <typename T>
std::vector<T> select(const std::vector<T>& values, const Rows& rows) {
    std::vector<T> selected;
    selected.reserve(rows.size());
    for (const std::uint32_t row : rows) {
        selected.push_back(values[row]);
    }
    return selected;
}

Rows voxelise(const Scan& scan, float voxel, base::Random* random) {
    if (voxel > 0) {
        return voxel_subsample(scan.points, voxel, random);
    }
    if (!scan.points.allFinite()) {
        base::fail("scan: a point is not finite; drop such points first");
    }
    Rows rows(static_cast<std::size_t>(scan.points.rows()));
    std::iota(rows.begin(), rows.end(), 0U);
    return rows;
}

/// The rows that are also in `visible`, in their own order.
Rows keep_visible(const Rows& rows, const Rows& visible, std::size_t points) {
    std::vector<bool> seen(points, false);
    for (const std::uint32_t row : visible) {
        if (row >= points) {
            base::fail("visible points: row {} of a scan of {} points; project this very scan", row,
                       points);
        }
        seen[row] = true;
    }
    Rows kept;
    for (const std::uint32_t row : rows) {
        if (seen[row]) {
            kept.push_back(row);
        }
    }
    return kept;
}

/// Rows of the scan that enter augmentation.
Rows choose_rows(const Scan& scan, const InputSpec& spec, const Augmentation* augmentation,
                 base::Random* random, const Rows* visible) {
    const bool random_point = augmentation != nullptr && augmentation->random_voxel_point;
    Rows rows = voxelise(scan, spec.voxel, random_point ? random : nullptr);
    if (visible != nullptr) {
        rows = keep_visible(rows, *visible, static_cast<std::size_t>(scan.points.rows()));
    }
    if (augmentation != nullptr && augmentation->max_points > 0) {
        const Points32 points = select(scan.points, rows);
        rows = select(rows, limit_points(points, augmentation->max_points, *random));
    }
    return rows;
}

FeatureSource augment(Points32& points, const Scan& scan, const Augmentation* augmentation,
                      base::Random* random) {
    if (augmentation == nullptr) {
        return feature_source(points, scan.sensor_height);
    }
    return augmentation->order == Augmentation::Order::distillation
               ? augment_for_distillation(points, scan.sensor_height, *augmentation, *random)
               : augment_for_downstream(points, scan.sensor_height, *augmentation, *random);
}

}  // namespace

Sample preprocess(const Scan& scan, const InputSpec& spec, const Augmentation* augmentation,
                  base::Random* random, const std::vector<std::uint32_t>* visible) {
    check_scan(scan, spec);
    if (augmentation != nullptr) {
        check(*augmentation, random);
    }
    const Rows rows = choose_rows(scan, spec, augmentation, random, visible);
    Points32 points = select(scan.points, rows);
    FeatureSource source = augment(points, scan, augmentation, random);
    const Rows in_view = inside(points, spec.fov);
    source.points = select(source.points, in_view);
    source.radius = select(source.radius, in_view);
    source.height = select(source.height, in_view);

    Sample sample;
    sample.kept = select(rows, in_view);
    sample.coordinates = select(points, in_view);
    sample.channels = static_cast<int>(spec.features.size());
    make_features(spec, scan, sample.kept, source.points, source.radius, source.height,
                  sample.features);
    sample.neighbor_count = spec.neighbors;
    KdTree tree;
    tree.build(sample.coordinates);
    GroupSearches searches;
    nearest_others(tree, spec.neighbors, searches, sample.neighbors);
    for (const PlaneGrid& grid : spec.grids) {
        sample.cells.push_back(plane_cells(sample.coordinates, spec.fov, grid));
    }
    if (!scan.labels.empty()) {
        sample.labels = select(scan.labels, sample.kept);
    }
    return sample;
}

std::vector<std::int32_t> nearest_kept(const Scan& scan, const Sample& sample) {
    if (sample.kept.empty()) {
        base::fail("nearest kept point: no point of the scan is in the field of view");
    }
    for (const std::uint32_t row : sample.kept) {
        if (row >= static_cast<std::size_t>(scan.points.rows())) {
            base::fail("nearest kept point: row {} of a scan of {} points; pass the sample's scan",
                       row, scan.points.rows());
        }
    }
    return nearest_point(select(scan.points, sample.kept), scan.points);
}

}  // namespace distillar::geometry
