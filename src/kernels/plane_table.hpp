#pragma once
/// kernels: CPU kernels, forward and backward, plain pointers and sizes.
#include <cstdint>
#include <span>
#include <vector>

namespace distillar::kernels {

/// Index tables of one plane grid over a batch, for exact sparse mixing: a 3x3 depthwise
/// convolution pair is evaluated only on occupied cells and, for the first one, their one-cell halo
/// (clipped to the grid; never across scans). Both compact numberings ascend with the flat cell.
/// Tap 3 * (dr + 1) + (dc + 1) is the neighbour dr rows and dc columns away, as in a 3x3 kernel.
struct PlaneTable {
    std::int64_t points = 0;
    std::int64_t occupied = 0;                ///< number of occupied cells
    std::int64_t reached = 0;                 ///< number of occupied and halo cells
    std::vector<std::int32_t> point_order;    ///< points sorted by cell, then by index
    std::vector<std::int32_t> cell_offsets;   ///< occupied + 1, into point_order
    std::vector<std::int32_t> cell_of_point;  ///< N, compact occupied index
    std::vector<std::int32_t> taps_first;     ///< reached x 9: compact occupied index or -1
    std::vector<std::int32_t> taps_second;    ///< occupied x 9: compact reached index or -1
};

/// Memory to make a table in, kept from one to the next.
struct PlaneTableBuffers {
    std::vector<std::int32_t> other, occupied, reached, shifted, merged;
};

/// @param cells  N flat cells, scan * rows * columns + cell (geometry::Batch), none negative.
/// @throws base::Error if rows, columns or a cell make no sense.
PlaneTable make_plane_table(std::span<const std::int32_t> cells, int rows, int columns);
void make_plane_table(std::span<const std::int32_t> cells, int rows, int columns,
                      PlaneTableBuffers& buffers, PlaneTable& table);

}  // namespace distillar::kernels
