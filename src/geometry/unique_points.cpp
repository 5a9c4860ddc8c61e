#include "geometry/unique_points.hpp"

#include <algorithm>
#include <bit>
#include <tuple>

#include "geometry/radix_sort.hpp"

namespace distillar::geometry {

namespace {

/// Bits that sort as the numbers do; -0 and 0 are one.
std::uint32_t sortable(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value + 0.0F);
    return (bits >> 31) != 0 ? ~bits : bits | 0x80000000U;
}

std::tuple<float, float> yz(const Points32& points, std::uint32_t row) {
    return {points(row, 1), points(row, 2)};
}

/// Rows by x; points with the same x by (y, z, row).
std::vector<KeyedRow> sorted_rows(const Points32& points) {
    std::vector<KeyedRow> rows(static_cast<std::size_t>(points.rows()));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i] = {sortable(points(static_cast<Eigen::Index>(i), 0)),
                   static_cast<std::uint32_t>(i)};
    }
    radix_sort(rows, 32);
    for (std::size_t begin = 0, end = 0; begin < rows.size(); begin = end) {
        while (end < rows.size() && rows[end].key == rows[begin].key) {
            ++end;
        }
        if (end - begin > 1) {
            std::sort(rows.begin() + static_cast<std::ptrdiff_t>(begin),
                      rows.begin() + static_cast<std::ptrdiff_t>(end),
                      [&](const KeyedRow& a, const KeyedRow& b) {
                          return std::tuple_cat(yz(points, a.row), std::tuple(a.row)) <
                                 std::tuple_cat(yz(points, b.row), std::tuple(b.row));
                      });
        }
    }
    return rows;
}

}  // namespace

UniquePoints unique_points(const Points32& points) {
    const std::vector<KeyedRow> sorted = sorted_rows(points);
    UniquePoints unique;
    unique.rows.reserve(sorted.size());
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        if (i == 0 || sorted[i].key != sorted[i - 1].key ||
            yz(points, sorted[i].row) != yz(points, sorted[i - 1].row)) {
            unique.start.push_back(static_cast<std::uint32_t>(i));
        }
        unique.rows.push_back(sorted[i].row);
    }
    unique.start.push_back(static_cast<std::uint32_t>(sorted.size()));
    return unique;
}

}  // namespace distillar::geometry
