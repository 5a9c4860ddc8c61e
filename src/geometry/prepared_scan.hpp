#pragma once
#include <cstdint>
#include <vector>

#include "geometry/neighbors.hpp"
#include "geometry/preprocess.hpp"
#include "geometry/voxel_grid.hpp"

namespace distillar::geometry {

/// A scan ready for a network, and what brings predictions back to it. It keeps its memory from one
/// scan to the next: without augmentation nothing is allocated after the largest scan.
struct PreparedScan {
    // As in Sample.
    std::vector<std::uint32_t> kept;
    std::vector<float> coordinates, features;
    std::vector<std::int32_t> neighbors;
    std::vector<std::vector<std::int32_t>> cells;

    std::vector<std::int32_t>
        kept_of;            ///< for each point of the scan: its voxel's kept point or -1
    KdTree tree;            ///< of the coordinates
    bool distinct = false;  ///< no two kept points are at one place

    // To work in.
    VoxelBuffers voxels;
    std::vector<std::uint32_t> rows, chosen, in_view;
    std::vector<float> voxel_points, feature_points, radius, height;
    GroupSearches searches;

    std::size_t size() const { return kept.size(); }
};

/// The pipeline behind preprocess() and the deployment runtime.
/// @throws base::Error as preprocess does.
void prepare(const ScanView& scan, const InputSpec& spec, PreparedScan& prepared,
             const Augmentation* augmentation = nullptr, base::Random* random = nullptr,
             const std::vector<std::uint32_t>* visible = nullptr);

/// As nearest_kept of a Sample, of a scan that was prepared without augmentation. Starts from the
/// kept point of a point's own voxel.
/// @throws base::Error if nothing was kept.
void nearest_kept(const ScanView& scan, const PreparedScan& prepared,
                  std::vector<std::int32_t>& nearest);

}  // namespace distillar::geometry
