#include "geometry/plane_cells.hpp"

#include <cmath>
#include <limits>

#include "base/error.hpp"

namespace distillar::geometry {

namespace {

constexpr double margin = 1e-4;  // metres, as the published crop

void check(const FieldOfView& fov) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
        if (!std::isfinite(fov.min[axis]) || !std::isfinite(fov.max[axis]) ||
            !(fov.min[axis] < fov.max[axis])) {
            base::fail("field of view: {} .. {} m along {} is empty; give finite min < max",
                       fov.min[axis], fov.max[axis], "xyz"[axis]);
        }
    }
}

void check(const PlaneGrid& grid) {
    if (grid.drop < 0 || grid.drop > 2) {
        base::fail("plane grid: axis {} cannot be dropped; give 2 (x-y), 1 (x-z) or 0 (y-z)",
                   grid.drop);
    }
    if (grid.rows <= 0 || grid.columns <= 0 ||
        std::int64_t{grid.rows} * grid.columns > std::numeric_limits<std::int32_t>::max()) {
        base::fail("plane grid: {} x {} cells; give positive numbers, at most 2^31 - 1 cells",
                   grid.rows, grid.columns);
    }
}

/// One axis of a plane: coordinate -> cell.
struct Axis {
    Eigen::Index column;
    double min;
    double resolution;
    int cells;

    /// -1 if outside.
    std::int64_t cell_of(float coordinate) const {
        const double position = (static_cast<double>(coordinate) - min) / resolution;
        if (!(position >= 0) || position >= cells) {
            return -1;
        }
        return static_cast<std::int64_t>(position);
    }
};

Axis axis_of(const FieldOfView& fov, std::size_t axis, int cells) {
    return {static_cast<Eigen::Index>(axis), fov.min[axis], (fov.max[axis] - fov.min[axis]) / cells,
            cells};
}

}  // namespace

void inside(const PointsView& points, const FieldOfView& fov, std::vector<std::uint32_t>& kept) {
    check(fov);
    std::array<float, 3> low{};
    std::array<float, 3> high{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        low[axis] = static_cast<float>(fov.min[axis] + margin);
        high[axis] = static_cast<float>(fov.max[axis] - margin);
    }
    kept.clear();
    kept.reserve(static_cast<std::size_t>(points.rows()));
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
        const float* p = points.data() + 3 * i;
        if (p[0] > low[0] && p[0] < high[0] && p[1] > low[1] && p[1] < high[1] && p[2] > low[2] &&
            p[2] < high[2]) {
            kept.push_back(static_cast<std::uint32_t>(i));
        }
    }
}

std::vector<std::uint32_t> inside(const PointsView& points, const FieldOfView& fov) {
    std::vector<std::uint32_t> kept;
    inside(points, fov, kept);
    return kept;
}

void plane_cells(const PointsView& points, const FieldOfView& fov, const PlaneGrid& grid,
                 std::vector<std::int32_t>& cells) {
    check(fov);
    check(grid);
    const Axis first = axis_of(fov, grid.drop == 0 ? 1 : 0, grid.rows);
    const Axis second = axis_of(fov, grid.drop == 2 ? 1 : 2, grid.columns);
    cells.resize(static_cast<std::size_t>(points.rows()));
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
        const std::int64_t row = first.cell_of(points(i, first.column));
        const std::int64_t column = second.cell_of(points(i, second.column));
        if (row < 0 || column < 0) {
            base::fail(
                "plane cells: point {} at ({}, {}, {}) is outside the field of view; crop first", i,
                points(i, 0), points(i, 1), points(i, 2));
        }
        cells[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(row * grid.columns + column);
    }
}

std::vector<std::int32_t> plane_cells(const PointsView& points, const FieldOfView& fov,
                                      const PlaneGrid& grid) {
    std::vector<std::int32_t> cells;
    plane_cells(points, fov, grid, cells);
    return cells;
}

}  // namespace distillar::geometry
