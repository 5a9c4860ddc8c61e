#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "geometry/points.hpp"

namespace distillar::geometry {

/// Metres, canonical frame.
struct FieldOfView {
    std::array<float, 3> min{-64, -64, -8};
    std::array<float, 3> max{64, 64, 8};
};

/// A plane the points are projected on: `drop` is the axis left out (2: x-y, 1: x-z, 0: y-z), then
/// rows x columns cells over the two others.
struct PlaneGrid {
    int drop = 2;
    int rows = 256;
    int columns = 256;
};

/// Indices of the points strictly inside the field of view by 1e-4, ascending.
std::vector<std::uint32_t> inside(const Points32& points, const FieldOfView& fov);

/// For each point its flat cell q0 * columns + q1, q = trunc((p - min) / ((max - min) / cells)), in
/// float32 as the published loader computes it. Points must lie inside the field of view.
std::vector<std::int32_t> plane_cells(const Points32& points, const FieldOfView& fov,
                                      const PlaneGrid& grid);

}  // namespace distillar::geometry
