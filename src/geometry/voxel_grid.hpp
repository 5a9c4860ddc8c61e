#pragma once
#include <cstdint>
#include <vector>

#include "base/random.hpp"
#include "geometry/points.hpp"

namespace distillar::geometry {

/// One point per occupied voxel: indices into `points`, voxels in lexicographic order (ix, iy, iz).
/// The grid starts at the cloud's minimum; cell = trunc((p - min) / size), in float32.
/// @param random  null: the point of lowest index of each voxel; else a random one (the first after
///                a random permutation).
/// Any extent up to 2^62 voxels an axis works. As in ScaLR's loader (methods.md 2.2, step 2).
/// @throws base::Error if the size is not positive, a point not finite, or the extent larger.
std::vector<std::uint32_t> voxel_subsample(const Points32& points, float size,
                                           base::Random* random);

/// The same by a std::map: the readable twin, for tests.
std::vector<std::uint32_t> voxel_subsample_serial(const Points32& points, float size,
                                                  base::Random* random);

}  // namespace distillar::geometry
