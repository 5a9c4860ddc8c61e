#pragma once
#include <cstdint>
#include <vector>

#include "base/random.hpp"
#include "base/thread_pool.hpp"

namespace distillar::test {

/// Normal values addressed by a number, so that every call with the same number gives the same.
inline std::vector<float> random_values(std::size_t count, std::uint64_t address) {
    base::Random random(7, 0, address);
    std::vector<float> values(count);
    for (float& value : values) {
        value = static_cast<float>(random.normal());
    }
    return values;
}

/// `points` cells on `scans` grids, crowded so that cells hold several points, edges included.
inline std::vector<std::int32_t> random_cells(std::size_t points, std::uint32_t scans,
                                              std::uint32_t rows, std::uint32_t columns,
                                              std::uint64_t address) {
    base::Random random(8, 0, address);
    std::vector<std::int32_t> cells(points);
    for (std::size_t i = 0; i < points; ++i) {
        const auto scan = static_cast<std::uint32_t>(i * scans / points);
        const std::uint32_t row = random.below(2) == 0 ? random.below(rows) : 0;
        const std::uint32_t column = random.below(3) == 0 ? columns - 1 : random.below(columns);
        cells[i] = static_cast<std::int32_t>((scan * rows + row) * columns + column);
    }
    return cells;
}

/// The pool's size within a scope.
class Threads {
public:
    explicit Threads(std::size_t threads) : before_(base::thread_count()) {
        base::set_thread_count(threads);
    }
    ~Threads() { base::set_thread_count(before_); }
    Threads(const Threads&) = delete;
    Threads& operator=(const Threads&) = delete;

private:
    std::size_t before_;
};

}  // namespace distillar::test
