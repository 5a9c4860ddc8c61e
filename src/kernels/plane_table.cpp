#include "kernels/plane_table.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>

#include "base/error.hpp"

namespace distillar::kernels {

namespace {

using Cells = std::vector<std::int32_t>;

constexpr int digit_bits = 11;
constexpr std::size_t digits = std::size_t{1} << digit_bits;

/// Indices of non-negative keys in ascending order of key, stable (radix sort, 11 bits a pass).
void sort_by(std::span<const std::int32_t> keys, Cells& order, Cells& other) {
    order.resize(keys.size());
    std::iota(order.begin(), order.end(), 0);
    const std::int32_t largest = keys.empty() ? 0 : *std::max_element(keys.begin(), keys.end());
    other.resize(keys.size());
    for (int shift = 0; shift < 31 && (largest >> shift) != 0; shift += digit_bits) {
        std::array<std::size_t, digits + 1> starts{};
        const auto digit = [&](std::int32_t index) {
            return static_cast<std::size_t>(keys[static_cast<std::size_t>(index)] >> shift) &
                   (digits - 1);
        };
        for (const std::int32_t index : order) {
            ++starts[digit(index) + 1];
        }
        std::partial_sum(starts.begin(), starts.end(), starts.begin());
        for (const std::int32_t index : order) {
            other[starts[digit(index)]++] = index;
        }
        order.swap(other);
    }
}

/// Fills the point lists of the table and the occupied flat cells, ascending.
void group_points(std::span<const std::int32_t> cells, PlaneTableBuffers& buffers,
                  PlaneTable& table) {
    sort_by(cells, table.point_order, buffers.other);
    table.cell_of_point.resize(cells.size());
    table.cell_offsets.clear();
    Cells& occupied = buffers.occupied;
    occupied.clear();
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const auto point = static_cast<std::size_t>(table.point_order[i]);
        if (occupied.empty() || occupied.back() != cells[point]) {
            occupied.push_back(cells[point]);
            table.cell_offsets.push_back(static_cast<std::int32_t>(i));
        }
        table.cell_of_point[point] = static_cast<std::int32_t>(occupied.size()) - 1;
    }
    table.cell_offsets.push_back(static_cast<std::int32_t>(cells.size()));
}

struct Grid {
    std::int32_t rows;
    std::int32_t columns;

    /// True if the cell dr rows and dc columns from `cell` lies on the grid of the same scan.
    bool holds(std::int32_t cell, std::int32_t dr, std::int32_t dc) const {
        const std::int32_t row = cell / columns % rows + dr;
        const std::int32_t column = cell % columns + dc;
        return row >= 0 && row < rows && column >= 0 && column < columns;
    }
};

/// Calls body(dr, dc, tap) for the nine taps.
template <typename Body>
void for_taps(const Body& body) {
    for (std::int32_t tap = 0; tap < 9; ++tap) {
        body(tap / 3 - 1, tap % 3 - 1, static_cast<std::size_t>(tap));
    }
}

/// Occupied cells and their neighbours on the grid, ascending, each once.
void reach(const Grid& grid, PlaneTableBuffers& buffers) {
    const Cells& occupied = buffers.occupied;
    Cells& all = buffers.reached;
    Cells& merged = buffers.merged;
    Cells& shifted = buffers.shifted;
    all.clear();
    for_taps([&](std::int32_t dr, std::int32_t dc, std::size_t) {
        shifted.clear();
        for (const std::int32_t cell : occupied) {
            if (grid.holds(cell, dr, dc)) {
                shifted.push_back(cell + dr * grid.columns + dc);
            }
        }
        merged.clear();
        std::set_union(all.begin(), all.end(), shifted.begin(), shifted.end(),
                       std::back_inserter(merged));
        all.swap(merged);
    });
}

/// For every cell of `from` and tap, the index in `to` of the cell there, or -1. Both ascend, so
/// each tap is one walk along the two lists.
void find_taps(const Cells& from, const Cells& to, const Grid& grid, Cells& taps) {
    taps.assign(9 * from.size(), -1);
    for_taps([&](std::int32_t dr, std::int32_t dc, std::size_t tap) {
        std::size_t next = 0;
        for (std::size_t i = 0; i < from.size(); ++i) {
            if (!grid.holds(from[i], dr, dc)) {
                continue;
            }
            const std::int32_t wanted = from[i] + dr * grid.columns + dc;
            while (next < to.size() && to[next] < wanted) {
                ++next;
            }
            if (next < to.size() && to[next] == wanted) {
                taps[9 * i + tap] = static_cast<std::int32_t>(next);
            }
        }
    });
}

}  // namespace

void make_plane_table(std::span<const std::int32_t> cells, int rows, int columns,
                      PlaneTableBuffers& buffers, PlaneTable& table) {
    constexpr std::int64_t limit = std::numeric_limits<std::int32_t>::max() / 16;
    if (rows <= 0 || columns <= 0 || std::int64_t{rows} * columns > limit ||
        static_cast<std::int64_t>(cells.size()) > limit) {
        base::fail("a plane of {} x {} cells with {} points is outside 1 to {}: check the grids",
                   rows, columns, cells.size(), limit);
    }
    if (std::any_of(cells.begin(), cells.end(), [](std::int32_t cell) { return cell < 0; })) {
        base::fail("a plane cell is negative: crop points to the field of view first");
    }
    table.points = static_cast<std::int64_t>(cells.size());
    const Grid grid{rows, columns};
    group_points(cells, buffers, table);
    reach(grid, buffers);
    const Cells& occupied = buffers.occupied;
    const Cells& reached = buffers.reached;
    table.occupied = static_cast<std::int64_t>(occupied.size());
    table.reached = static_cast<std::int64_t>(reached.size());
    find_taps(reached, occupied, grid, table.taps_first);
    find_taps(occupied, reached, grid, table.taps_second);
}

PlaneTable make_plane_table(std::span<const std::int32_t> cells, int rows, int columns) {
    PlaneTableBuffers buffers;
    PlaneTable table;
    make_plane_table(cells, rows, columns, buffers, table);
    return table;
}

}  // namespace distillar::kernels
