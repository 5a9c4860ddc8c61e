#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "geometry/points.hpp"

namespace distillar::geometry {

/// Metres, canonical frame.
struct FieldOfView {
    std::array<double, 3> min{-64, -64, -8};
    std::array<double, 3> max{64, 64, 8};
};

/// A plane the points are projected on: `drop` is the axis left out (2: x-y, 1: x-z, 0: y-z), then
/// rows x columns cells over the two others.
struct PlaneGrid {
    int drop = 2;
    int rows = 256;
    int columns = 256;

    bool operator==(const PlaneGrid&) const = default;
};

/// Indices of the points strictly inside the field of view by 1e-4 (compared in float32),
/// ascending.
/// @throws base::Error if the field of view is not finite or min >= max on an axis.
std::vector<std::uint32_t> inside(const PointsView& points, const FieldOfView& fov);
void inside(const PointsView& points, const FieldOfView& fov, std::vector<std::uint32_t>& kept);

/// For each point its flat cell q0 * columns + q1, q = trunc((p - min) / ((max - min) / cells)).
/// In float64, as the published loader computes it: its field of view is a float64 array, and numpy
/// promotes (in float32 a point 1 nm below a cell's border would fall into the next cell).
/// @throws base::Error if the grid is unusable (no cells, more than 2^31 - 1, axis not 0..2) or a
///         point lies outside the field of view.
std::vector<std::int32_t> plane_cells(const PointsView& points, const FieldOfView& fov,
                                      const PlaneGrid& grid);
void plane_cells(const PointsView& points, const FieldOfView& fov, const PlaneGrid& grid,
                 std::vector<std::int32_t>& cells);

}  // namespace distillar::geometry
