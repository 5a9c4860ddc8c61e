#include "kernels/plane_table.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "kernels/random_values.hpp"
#include "support/data.hpp"

namespace distillar::kernels {
namespace {

/// The readable twin: sets and maps over (scan, row, column).
PlaneTable brute_force(const std::vector<std::int32_t>& cells, int rows, int columns) {
    using Place = std::tuple<int, int, int>;
    const auto place = [&](std::int32_t cell) {
        return Place{cell / columns / rows, cell / columns % rows, cell % columns};
    };
    const auto neighbor = [](const Place& at, std::size_t tap) {
        return Place{std::get<0>(at), std::get<1>(at) + static_cast<int>(tap) / 3 - 1,
                     std::get<2>(at) + static_cast<int>(tap) % 3 - 1};
    };
    const auto on_grid = [&](const Place& at) {
        return std::get<1>(at) >= 0 && std::get<1>(at) < rows && std::get<2>(at) >= 0 &&
               std::get<2>(at) < columns;
    };
    std::map<Place, std::vector<std::int32_t>> points;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        points[place(cells[i])].push_back(static_cast<std::int32_t>(i));
    }
    std::map<Place, std::int32_t> occupied, reached;
    for (const auto& [at, members] : points) {
        occupied.emplace(at, static_cast<std::int32_t>(occupied.size()));
        for (std::size_t tap = 0; tap < 9; ++tap) {
            if (on_grid(neighbor(at, tap))) {
                reached.emplace(neighbor(at, tap), 0);
            }
        }
    }
    std::int32_t next = 0;
    for (auto& [at, index] : reached) {
        index = next++;
    }
    PlaneTable table;
    table.points = static_cast<std::int64_t>(cells.size());
    table.occupied = static_cast<std::int64_t>(occupied.size());
    table.reached = static_cast<std::int64_t>(reached.size());
    table.cell_of_point.resize(cells.size());
    table.cell_offsets.push_back(0);
    for (const auto& [at, members] : points) {
        for (const std::int32_t point : members) {
            table.point_order.push_back(point);
            table.cell_of_point[static_cast<std::size_t>(point)] = occupied[at];
        }
        table.cell_offsets.push_back(static_cast<std::int32_t>(table.point_order.size()));
    }
    const auto find = [](const auto& map, const Place& at) {
        const auto found = map.find(at);
        return found == map.end() ? -1 : found->second;
    };
    for (const auto& [at, index] : reached) {
        for (std::size_t tap = 0; tap < 9; ++tap) {
            table.taps_first.push_back(find(occupied, neighbor(at, tap)));
        }
    }
    for (const auto& [at, index] : occupied) {
        for (std::size_t tap = 0; tap < 9; ++tap) {
            table.taps_second.push_back(find(reached, neighbor(at, tap)));
        }
    }
    return table;
}

void expect_equal(const PlaneTable& actual, const PlaneTable& expected) {
    EXPECT_EQ(actual.points, expected.points);
    EXPECT_EQ(actual.occupied, expected.occupied);
    EXPECT_EQ(actual.reached, expected.reached);
    EXPECT_EQ(actual.point_order, expected.point_order);
    EXPECT_EQ(actual.cell_offsets, expected.cell_offsets);
    EXPECT_EQ(actual.cell_of_point, expected.cell_of_point);
    EXPECT_EQ(actual.taps_first, expected.taps_first);
    EXPECT_EQ(actual.taps_second, expected.taps_second);
}

TEST(PlaneTable, EqualsBruteForce) {
    for (std::uint32_t seed = 0; seed < 8; ++seed) {
        const auto cells = test::random_cells(40 + 50 * seed, 1 + seed % 3, 7, 9, seed);
        expect_equal(make_plane_table(cells, 7, 9), brute_force(cells, 7, 9));
    }
}

TEST(PlaneTable, LargeGridNeedsAllDigitsOfTheSort) {
    std::vector<std::int32_t> cells = test::random_cells(500, 700, 512, 512, 3);
    std::reverse(cells.begin(), cells.end());
    expect_equal(make_plane_table(cells, 512, 512), brute_force(cells, 512, 512));
}

TEST(PlaneTable, HaloIsClippedAtTheEdges) {
    const std::vector<std::int32_t> corner{0};
    const PlaneTable table = make_plane_table(corner, 4, 4);
    EXPECT_EQ(table.occupied, 1);
    EXPECT_EQ(table.reached, 4);  // not 9: three sides lie outside
}

TEST(PlaneTable, ScansNeverMeet) {
    // The last row of scan 0 and the first of scan 1 are neighbours in the flat numbering.
    const std::vector<std::int32_t> cells{3 * 4 + 1, 16 + 1};
    const PlaneTable table = make_plane_table(cells, 4, 4);
    EXPECT_EQ(table.reached, 6 + 6);
    for (std::int64_t i = 0; i < table.reached; ++i) {
        int sources = 0;
        for (std::size_t tap = 0; tap < 9; ++tap) {
            sources += table.taps_first[9 * static_cast<std::size_t>(i) + tap] >= 0 ? 1 : 0;
        }
        EXPECT_EQ(sources, 1) << "cell " << i;
    }
}

TEST(PlaneTable, RowsDoNotWrap) {
    // The last cell of a row and the first of the next.
    const std::vector<std::int32_t> cells{3, 4};
    const PlaneTable table = make_plane_table(cells, 2, 4);
    EXPECT_EQ(table.taps_second[5], -1);  // right of the last column
}

TEST(PlaneTable, NoPoints) {
    const PlaneTable table = make_plane_table({}, 4, 4);
    EXPECT_EQ(table.occupied, 0);
    EXPECT_EQ(table.reached, 0);
    EXPECT_EQ(table.cell_offsets, std::vector<std::int32_t>{0});
}

TEST(PlaneTable, RefusesNonsense) {
    const std::vector<std::int32_t> negative{-1};
    EXPECT_NE(test::error_of([&] { make_plane_table(negative, 4, 4); }).find("negative"),
              std::string::npos);
    EXPECT_NE(test::error_of([&] { make_plane_table({}, 0, 4); }).find("grids"), std::string::npos);
    EXPECT_NE(test::error_of([&] { make_plane_table({}, 1 << 20, 1 << 20); }).find("grids"),
              std::string::npos);
}

}  // namespace
}  // namespace distillar::kernels
