#include "geometry/voxel_grid.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <tuple>

#include "base/error.hpp"
#include "geometry/radix_sort.hpp"

namespace distillar::geometry {

namespace {

constexpr float max_cell = 0x1p62F;  // beyond, 64-bit indices would overflow

using Cell = std::array<std::int64_t, 3>;

/// Where the grid starts and how far it reaches.
struct Grid {
    std::array<float, 3> min{};
    float size = 0;
    std::array<std::int64_t, 3> last{};  ///< largest cell index per axis

    std::int64_t cell(float coordinate, std::size_t axis) const {
        return static_cast<std::int64_t>((coordinate - min[axis]) / size);
    }
};

void check(const PointsView& points, float size) {
    if (!(size > 0) || !std::isfinite(size)) {
        base::fail("voxel grid: a voxel of {} m is unusable; give a positive size in metres", size);
    }
    if (points.rows() > std::numeric_limits<std::int32_t>::max()) {
        base::fail("voxel grid: {} points are too many for one scan; split it", points.rows());
    }
}

Grid grid_of(const PointsView& points, float size) {
    Grid grid{.min = {}, .size = size, .last = {}};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const float* p = points.data() + axis;
        float low = *p;
        float high = *p;
        bool finite = true;
        for (Eigen::Index i = 0; i < points.rows(); ++i, p += 3) {
            finite = finite && std::isfinite(*p);
            low = std::min(low, *p);
            high = std::max(high, *p);
        }
        if (!finite) {
            base::fail("voxel grid: a point is not finite along {}; drop such points first",
                       "xyz"[axis]);
        }
        const float cells = (high - low) / size;
        if (!(cells < max_cell)) {
            base::fail(
                "voxel grid: the scan reaches from {} to {} m along {}, too far for voxels of {} "
                "m; drop the outliers or choose larger voxels",
                low, high, "xyz"[axis], size);
        }
        grid.min[axis] = low;
        grid.last[axis] = static_cast<std::int64_t>(cells);
    }
    return grid;
}

int bits_of(std::int64_t last) {
    return static_cast<int>(std::bit_width(static_cast<std::uint64_t>(last)));
}

/// Rows in the order in which they compete for their voxel: the first one stays.
void order_rows(const PointsView& points, base::Random* random, std::vector<std::uint32_t>& order) {
    if (random != nullptr) {
        order = random->permutation(static_cast<std::uint32_t>(points.rows()));
        return;
    }
    order.resize(static_cast<std::size_t>(points.rows()));
    std::iota(order.begin(), order.end(), 0U);
}

/// Keeps the first of each run of rows in one cell.
template <typename Row, typename CellOf>
void keep_firsts(const std::vector<Row>& sorted, CellOf&& cell_of, std::vector<std::uint32_t>& kept,
                 std::vector<std::uint32_t>& chosen) {
    kept.clear();
    chosen.resize(sorted.size());
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        if (i == 0 || cell_of(sorted[i]) != cell_of(sorted[i - 1])) {
            kept.push_back(sorted[i].row);
        }
        chosen[sorted[i].row] = kept.back();
    }
}

/// The usual case: a cell fits into 64 bits.
void sort_packed(const PointsView& points, const Grid& grid, VoxelBuffers& buffers) {
    const int z_bits = bits_of(grid.last[2]);
    const int yz_bits = bits_of(grid.last[1]) + z_bits;
    const auto& order = buffers.order;
    buffers.packed.resize(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        const float* p = points.data() + 3 * std::size_t{order[i]};
        // An axis without bits has one cell, 0; a shift by 64 would be undefined.
        const auto x = static_cast<std::uint64_t>(grid.cell(p[0], 0));
        const auto y = static_cast<std::uint64_t>(grid.cell(p[1], 1));
        const auto z = static_cast<std::uint64_t>(grid.cell(p[2], 2));
        buffers.packed[i] = {
            (yz_bits < 64 ? x << yz_bits : 0) | (z_bits < 64 ? y << z_bits : 0) | z, order[i]};
    }
    radix_sort(buffers.packed, bits_of(grid.last[0]) + yz_bits, buffers.other);
}

/// Scans with far outliers: three full indices per cell.
void sort_wide(const PointsView& points, const Grid& grid, VoxelBuffers& buffers) {
    const auto& order = buffers.order;
    buffers.wide.resize(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        const float* p = points.data() + 3 * std::size_t{order[i]};
        buffers.wide[i] = {{grid.cell(p[0], 0), grid.cell(p[1], 1), grid.cell(p[2], 2)},
                           static_cast<std::uint32_t>(i),
                           order[i]};
    }
    std::sort(buffers.wide.begin(), buffers.wide.end(), [](const auto& a, const auto& b) {
        return std::tie(a.cell, a.place) < std::tie(b.cell, b.place);
    });
}

}  // namespace

void voxel_subsample(const PointsView& points, float size, base::Random* random,
                     VoxelBuffers& buffers, std::vector<std::uint32_t>& kept,
                     std::vector<std::uint32_t>& chosen) {
    check(points, size);
    kept.clear();
    chosen.clear();
    if (points.rows() == 0) {
        return;
    }
    const Grid grid = grid_of(points, size);
    order_rows(points, random, buffers.order);
    if (bits_of(grid.last[0]) + bits_of(grid.last[1]) + bits_of(grid.last[2]) <= 64) {
        sort_packed(points, grid, buffers);
        keep_firsts(
            buffers.packed, [](const KeyedRow& row) { return row.key; }, kept, chosen);
    } else {
        sort_wide(points, grid, buffers);
        keep_firsts(
            buffers.wide, [](const auto& row) { return row.cell; }, kept, chosen);
    }
}

std::vector<std::uint32_t> voxel_subsample(const PointsView& points, float size,
                                           base::Random* random) {
    VoxelBuffers buffers;
    std::vector<std::uint32_t> kept, chosen;
    voxel_subsample(points, size, random, buffers, kept, chosen);
    return kept;
}

std::vector<std::uint32_t> voxel_subsample_serial(const PointsView& points, float size,
                                                  base::Random* random) {
    check(points, size);
    if (points.rows() == 0) {
        return {};
    }
    const Grid grid = grid_of(points, size);
    std::map<Cell, std::uint32_t> voxels;
    std::vector<std::uint32_t> order;
    order_rows(points, random, order);
    for (const std::uint32_t row : order) {
        const float* p = points.data() + 3 * std::size_t{row};
        voxels.try_emplace({grid.cell(p[0], 0), grid.cell(p[1], 1), grid.cell(p[2], 2)}, row);
    }
    std::vector<std::uint32_t> kept;
    for (const auto& voxel : voxels) {
        kept.push_back(voxel.second);
    }
    return kept;
}

}  // namespace distillar::geometry
