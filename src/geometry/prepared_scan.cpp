#include "geometry/prepared_scan.hpp"

#include <numeric>

#include "base/error.hpp"
#include "base/thread_pool.hpp"
#include "geometry/features.hpp"

namespace distillar::geometry {

namespace {

constexpr std::size_t queries_per_chunk = 512;

void select(const PointsView& points, const std::vector<std::uint32_t>& rows,
            std::vector<float>& selected) {
    selected.resize(3 * rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        std::copy_n(points.data() + 3 * std::size_t{rows[i]}, 3, selected.data() + 3 * i);
    }
}

/// Rows of one point per voxel, and for each point the row its voxel keeps.
void voxelise(const ScanView& scan, float voxel, PreparedScan& prepared) {
    prepared.distinct = voxel > 0;
    if (prepared.distinct) {
        voxel_subsample(scan.points, voxel, nullptr, prepared.voxels, prepared.rows,
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

/// Keeps what lies in the field of view.
void crop(const ScanView& scan, const FieldOfView& fov, PreparedScan& prepared) {
    select(scan.points, prepared.rows, prepared.voxel_points);
    inside(points_of(prepared.voxel_points), fov, prepared.in_view);
    prepared.kept.resize(prepared.in_view.size());
    prepared.kept_of.assign(prepared.chosen.size(), -1);
    for (std::size_t i = 0; i < prepared.kept.size(); ++i) {
        prepared.kept[i] = prepared.rows[prepared.in_view[i]];
        prepared.kept_of[prepared.kept[i]] = static_cast<std::int32_t>(i);
    }
    for (std::size_t i = 0; i < prepared.chosen.size(); ++i) {
        prepared.kept_of[i] = prepared.kept_of[prepared.chosen[i]];
    }
    select(scan.points, prepared.kept, prepared.coordinates);
}

}  // namespace

void prepare(const ScanView& scan, const InputSpec& spec, PreparedScan& prepared) {
    check_scan(scan, spec);
    voxelise(scan, spec.voxel, prepared);
    crop(scan, spec.fov, prepared);
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
    const auto count = prepared.kept_of.size();
    nearest.resize(count);
    base::parallel_for(count, queries_per_chunk, [&](std::size_t begin, std::size_t end) {
        std::int32_t last = 0;  // scans are written as the lidar turns: the next point is near
        for (std::size_t i = begin; i < end; ++i) {
            const float* point = scan.points.data() + 3 * i;
            const std::int32_t guess = prepared.kept_of[i] >= 0 ? prepared.kept_of[i] : last;
            const double distance = squared_distance(
                point, prepared.coordinates.data() + 3 * static_cast<std::size_t>(guess));
            last = guess;
            if (distance > 0 || !prepared.distinct) {
                const Neighbor near{distance, static_cast<std::uint32_t>(guess)};
                last = static_cast<std::int32_t>(prepared.tree.nearest(point, near).row);
            }
            nearest[i] = last;
        }
    });
}

}  // namespace distillar::geometry
