#include "geometry/prepared_scan.hpp"

#include <numeric>

#include "base/error.hpp"
#include "base/thread_pool.hpp"
#include "geometry/augment.hpp"
#include "geometry/features.hpp"

namespace distillar::geometry {

namespace {

using Rows = std::vector<std::uint32_t>;

void select(const PointsView& points, const Rows& rows, std::vector<float>& selected) {
    selected.resize(3 * rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        std::copy_n(points.data() + 3 * std::size_t{rows[i]}, 3, selected.data() + 3 * i);
    }
}

/// Rows of one point per voxel, and for each point the row its voxel keeps.
void voxelise(const ScanView& scan, float voxel, base::Random* random, PreparedScan& prepared) {
    prepared.distinct = voxel > 0;
    if (prepared.distinct) {
        voxel_subsample(scan.points, voxel, random, prepared.voxels, prepared.rows,
                        prepared.chosen);
        return;
    }
    if (!scan.points.allFinite()) {
        base::fail("scan: a point is not finite; drop such points first");
    }
    prepared.rows.resize(static_cast<std::size_t>(scan.points.rows()));
    std::iota(prepared.rows.begin(), prepared.rows.end(), 0U);
    prepared.chosen = prepared.rows;
}

/// Leaves the rows that are also in `visible`, in their own order.
void keep_visible(const Rows& visible, std::size_t points, Rows& rows) {
    std::vector<bool> seen(points, false);
    for (const std::uint32_t row : visible) {
        if (row >= points) {
            base::fail("visible points: row {} of a scan of {} points; project this very scan", row,
                       points);
        }
        seen[row] = true;
    }
    std::erase_if(rows, [&](const std::uint32_t row) { return !seen[row]; });
}

/// Leaves the nearest to a random one.
void keep_nearby(const ScanView& scan, int count, base::Random& random, PreparedScan& prepared) {
    select(scan.points, prepared.rows, prepared.voxel_points);
    Rows rows = limit_points(points_of(prepared.voxel_points), count, random);
    for (std::uint32_t& row : rows) {
        row = prepared.rows[row];
    }
    prepared.rows = std::move(rows);
}

/// Of the points of `prepared.rows`, which become coordinates: those in the field of view.
void crop(const PointsView& points, const FieldOfView& fov, PreparedScan& prepared) {
    inside(points, fov, prepared.in_view);
    prepared.kept.resize(prepared.in_view.size());
    prepared.kept_of.assign(prepared.chosen.size(), -1);
    for (std::size_t i = 0; i < prepared.kept.size(); ++i) {
        prepared.kept[i] = prepared.rows[prepared.in_view[i]];
        prepared.kept_of[prepared.kept[i]] = static_cast<std::int32_t>(i);
    }
    for (std::size_t i = 0; i < prepared.chosen.size(); ++i) {
        prepared.kept_of[i] = prepared.kept_of[prepared.chosen[i]];
    }
    select(points, prepared.in_view, prepared.coordinates);
}

/// Coordinates and features of a scan that is taken as it is.
void place(const ScanView& scan, const InputSpec& spec, PreparedScan& prepared) {
    crop(points_of(prepared.voxel_points), spec.fov, prepared);
    const auto points = points_of(prepared.coordinates);
    prepared.radius.resize(prepared.size());
    prepared.height.resize(prepared.size());
    for (std::size_t i = 0; i < prepared.size(); ++i) {
        const auto row = static_cast<Eigen::Index>(i);
        prepared.radius[i] = points.row(row).norm();
        prepared.height[i] = points(row, 2) + scan.sensor_height;
    }
    make_features(spec, scan, prepared.kept, points, prepared.radius, prepared.height,
                  prepared.features);
}

/// The same of one whose points move, and with them or apart from them what the features say.
void place_augmented(const ScanView& scan, const InputSpec& spec, const Augmentation& augmentation,
                     base::Random& random, PreparedScan& prepared) {
    Points32 points = points_of(prepared.voxel_points);
    const FeatureSource source =
        augmentation.order == Augmentation::Order::distillation
            ? augment_for_distillation(points, scan.sensor_height, augmentation, random)
            : augment_for_downstream(points, scan.sensor_height, augmentation, random);
    crop(points, spec.fov, prepared);
    select(source.points, prepared.in_view, prepared.feature_points);
    prepared.radius.clear();
    prepared.height.clear();
    for (const std::uint32_t row : prepared.in_view) {
        prepared.radius.push_back(source.radius[row]);
        prepared.height.push_back(source.height[row]);
    }
    make_features(spec, scan, prepared.kept, points_of(prepared.feature_points), prepared.radius,
                  prepared.height, prepared.features);
}

}  // namespace

void prepare(const ScanView& scan, const InputSpec& spec, PreparedScan& prepared,
             const Augmentation* augmentation, base::Random* random,
             const std::vector<std::uint32_t>* visible) {
    check_scan(scan, spec);
    if (augmentation != nullptr) {
        check_augmentation(*augmentation, random);
    }
    const bool random_point = augmentation != nullptr && augmentation->random_voxel_point;
    voxelise(scan, spec.voxel, random_point ? random : nullptr, prepared);
    if (visible != nullptr) {
        keep_visible(*visible, static_cast<std::size_t>(scan.points.rows()), prepared.rows);
    }
    if (augmentation != nullptr && augmentation->max_points > 0) {
        keep_nearby(scan, augmentation->max_points, *random, prepared);
    }
    select(scan.points, prepared.rows, prepared.voxel_points);
    if (augmentation == nullptr) {
        place(scan, spec, prepared);
    } else {
        place_augmented(scan, spec, *augmentation, *random, prepared);
    }
    const auto points = points_of(prepared.coordinates);
    prepared.tree.build(points);
    nearest_others(prepared.tree, spec.neighbors, prepared.searches, prepared.neighbors);
    prepared.cells.resize(spec.grids.size());
    base::parallel_for(spec.grids.size(), 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            plane_cells(points, spec.fov, spec.grids[i], prepared.cells[i]);
        }
    });
}

void nearest_kept(const ScanView& scan, const PreparedScan& prepared,
                  std::vector<std::int32_t>& nearest) {
    if (prepared.kept.empty()) {
        base::fail("nearest kept point: no point of the scan is in the field of view");
    }
    nearest_point(prepared.tree, prepared.coordinates, scan.points, prepared.kept_of,
                  prepared.distinct, nearest);
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
    std::vector<float> kept;
    select(scan.points, sample.kept, kept);
    return nearest_point(points_of(kept), scan.points);
}

}  // namespace distillar::geometry
