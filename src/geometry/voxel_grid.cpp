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

void check(const Points32& points, float size) {
    if (!(size > 0) || !std::isfinite(size)) {
        base::fail("voxel grid: a voxel of {} m is unusable; give a positive size in metres", size);
    }
    if (points.rows() > std::numeric_limits<std::int32_t>::max()) {
        base::fail("voxel grid: {} points are too many for one scan; split it", points.rows());
    }
}

Grid grid_of(const Points32& points, float size) {
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
std::vector<std::uint32_t> order_of(const Points32& points, base::Random* random) {
    const auto count = static_cast<std::uint32_t>(points.rows());
    if (random != nullptr) {
        return random->permutation(count);
    }
    std::vector<std::uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0U);
    return order;
}

/// The first of each run of equal keys.
template <typename Key, typename KeyOf>
std::vector<std::uint32_t> firsts(const std::vector<Key>& sorted, KeyOf&& key_of) {
    std::vector<std::uint32_t> kept;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        if (i == 0 || key_of(sorted[i]) != key_of(sorted[i - 1])) {
            kept.push_back(sorted[i].row);
        }
    }
    return kept;
}

/// The usual case: a cell fits into 64 bits.
std::vector<std::uint32_t> subsample_packed(const Points32& points, const Grid& grid,
                                            const std::vector<std::uint32_t>& order) {
    const int z_bits = bits_of(grid.last[2]);
    const int yz_bits = bits_of(grid.last[1]) + z_bits;
    std::vector<KeyedRow> rows(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        const float* p = points.data() + 3 * std::size_t{order[i]};
        // An axis without bits has one cell, 0; a shift by 64 would be undefined.
        const auto x = static_cast<std::uint64_t>(grid.cell(p[0], 0));
        const auto y = static_cast<std::uint64_t>(grid.cell(p[1], 1));
        const auto z = static_cast<std::uint64_t>(grid.cell(p[2], 2));
        rows[i] = {(yz_bits < 64 ? x << yz_bits : 0) | (z_bits < 64 ? y << z_bits : 0) | z,
                   order[i]};
    }
    radix_sort(rows, bits_of(grid.last[0]) + yz_bits);
    return firsts(rows, [](const KeyedRow& row) { return row.key; });
}

/// Scans with far outliers: three full indices per cell.
std::vector<std::uint32_t> subsample_wide(const Points32& points, const Grid& grid,
                                          const std::vector<std::uint32_t>& order) {
    struct CellRow {
        Cell cell;
        std::uint32_t row;
    };
    std::vector<CellRow> rows(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        const float* p = points.data() + 3 * std::size_t{order[i]};
        rows[i] = {{grid.cell(p[0], 0), grid.cell(p[1], 1), grid.cell(p[2], 2)}, order[i]};
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [](const CellRow& a, const CellRow& b) { return a.cell < b.cell; });
    return firsts(rows, [](const CellRow& row) { return row.cell; });
}

}  // namespace

std::vector<std::uint32_t> voxel_subsample(const Points32& points, float size,
                                           base::Random* random) {
    check(points, size);
    if (points.rows() == 0) {
        return {};
    }
    const Grid grid = grid_of(points, size);
    const std::vector<std::uint32_t> order = order_of(points, random);
    const int bits = bits_of(grid.last[0]) + bits_of(grid.last[1]) + bits_of(grid.last[2]);
    return bits <= 64 ? subsample_packed(points, grid, order) : subsample_wide(points, grid, order);
}

std::vector<std::uint32_t> voxel_subsample_serial(const Points32& points, float size,
                                                  base::Random* random) {
    check(points, size);
    if (points.rows() == 0) {
        return {};
    }
    const Grid grid = grid_of(points, size);
    std::map<Cell, std::uint32_t> voxels;
    for (const std::uint32_t row : order_of(points, random)) {
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
