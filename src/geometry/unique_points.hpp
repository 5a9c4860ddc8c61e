#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "geometry/points.hpp"

namespace distillar::geometry {

/// The distinct positions of a cloud: thousands of returns at one place (sensors write lost returns
/// as zeros) would make a neighbour search quadratic.
struct UniquePoints {
    std::vector<std::uint32_t> rows;   ///< all rows, grouped by position, ascending in each group
    std::vector<std::uint32_t> start;  ///< groups + 1: where each group starts in `rows`

    std::size_t size() const { return start.size() - 1; }
    std::span<const std::uint32_t> group(std::size_t i) const {
        return std::span(rows).subspan(start[i], start[i + 1] - start[i]);
    }
};

UniquePoints unique_points(const Points32& points);

}  // namespace distillar::geometry
