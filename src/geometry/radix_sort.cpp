#include "geometry/radix_sort.hpp"

#include <array>
#include <cstddef>

namespace distillar::geometry {

namespace {

constexpr int digit_bits = 11;
constexpr std::size_t digits = std::size_t{1} << digit_bits;

}  // namespace

void radix_sort(std::vector<KeyedRow>& rows, int bits, std::vector<KeyedRow>& other) {
    other.resize(rows.size());
    for (int shift = 0; shift < bits; shift += digit_bits) {
        const auto digit = [shift](const KeyedRow& row) {
            return static_cast<std::size_t>(row.key >> shift) % digits;
        };
        std::array<std::size_t, digits> start{};
        for (const KeyedRow& row : rows) {
            ++start[digit(row)];
        }
        std::size_t sum = 0;
        for (std::size_t& count : start) {
            const std::size_t here = count;
            count = sum;
            sum += here;
        }
        for (const KeyedRow& row : rows) {
            other[start[digit(row)]++] = row;
        }
        rows.swap(other);
    }
}

}  // namespace distillar::geometry
