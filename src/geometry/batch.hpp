#pragma once
#include <cstdint>
#include <vector>

#include "geometry/plane_cells.hpp"
#include "geometry/points.hpp"

namespace distillar::geometry {

inline constexpr std::uint8_t ignore_label = 255;

/// A scan ready for a network. All per-point arrays have one row per kept point.
struct Sample {
    std::vector<std::uint32_t> kept;  ///< row in the scan of each kept point
    Points32 coordinates;             ///< N x 3, metres, after augmentation
    std::vector<float> features;      ///< N x channels, row-major
    int channels = 0;
    std::vector<std::int32_t> neighbors;  ///< N x neighbor_count, without the point itself
    int neighbor_count = 0;
    std::vector<std::vector<std::int32_t>> cells;  ///< per plane grid, N
    std::vector<std::uint8_t> labels;              ///< N, or empty; 255 = ignore

    std::size_t size() const { return kept.size(); }
};

/// Scans concatenated with offsets: no padding, no mask. Indices are into the batch.
struct Batch {
    std::vector<std::int64_t> offsets{0};  ///< scans + 1
    std::vector<float> features;           ///< N x channels
    int channels = 0;
    std::vector<std::int32_t> neighbors;  ///< N x neighbor_count (not itself), rows of the batch
    int neighbor_count = 0;
    std::vector<PlaneGrid> grids;
    /// Per grid, N: scan * rows * columns + cell, so that cells of different scans never meet.
    std::vector<std::vector<std::int32_t>> cells;
    std::vector<std::uint8_t> labels;  ///< N, or empty

    std::size_t scans() const { return offsets.size() - 1; }
    std::size_t size() const { return static_cast<std::size_t>(offsets.back()); }
};

/// Concatenates samples of equal channels, neighbour count and grids; empty ones keep their place.
/// @throws base::Error if they differ, only some are labelled, or indices overflow 32 bits.
Batch make_batch(const std::vector<const Sample*>& samples, const std::vector<PlaneGrid>& grids);

}  // namespace distillar::geometry
