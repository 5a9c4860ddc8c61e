#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "base/random.hpp"
#include "geometry/points.hpp"
#include "geometry/radix_sort.hpp"

namespace distillar::geometry {

/// Memory of a voxel grid, kept from one scan to the next.
struct VoxelBuffers {
    struct WideRow {
        std::array<std::int64_t, 3> cell;
        std::uint32_t place, row;
    };
    std::vector<std::uint32_t> order;     ///< in which rows compete for their voxel
    std::vector<KeyedRow> packed, other;  ///< by voxel, where its cell fits into 64 bits
    std::vector<WideRow> wide;            ///< and where it does not
};

/// One point per occupied voxel: indices into `points`, voxels in lexicographic order (ix, iy, iz).
/// The grid starts at the cloud's minimum; cell = trunc((p - min) / size), in float32.
/// @param random  null: the point of lowest index of each voxel; else a random one (the first after
///                a random permutation).
/// Any extent up to 2^62 voxels an axis works. As in ScaLR's loader (methods.md 2.2, step 2).
/// @throws base::Error if the size is not positive, a point not finite, or the extent larger.
std::vector<std::uint32_t> voxel_subsample(const PointsView& points, float size,
                                           base::Random* random);

/// The same into `kept`.
/// @param chosen  for each point the row that its voxel keeps.
void voxel_subsample(const PointsView& points, float size, base::Random* random,
                     VoxelBuffers& buffers, std::vector<std::uint32_t>& kept,
                     std::vector<std::uint32_t>& chosen);

/// The same by a std::map: the readable twin, for tests.
std::vector<std::uint32_t> voxel_subsample_serial(const PointsView& points, float size,
                                                  base::Random* random);

}  // namespace distillar::geometry
