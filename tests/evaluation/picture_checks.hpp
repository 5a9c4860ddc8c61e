#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include "formats/image.hpp"

namespace distillar::test {

using Color = std::array<std::uint8_t, 3>;

inline Color pixel(const formats::Image& image, int row, int column) {
    const std::uint8_t* rgb = image.at(row, column);
    return {rgb[0], rgb[1], rgb[2]};
}

/// Pixels of exactly this colour in a part of the image.
inline int count(const formats::Image& image, Color color, int top, int left, int bottom,
                 int right) {
    int found = 0;
    for (int row = top; row < bottom; ++row) {
        for (int column = left; column < right; ++column) {
            found += pixel(image, row, column) == color ? 1 : 0;
        }
    }
    return found;
}

inline int count(const formats::Image& image, Color color) {
    return count(image, color, 0, 0, image.height, image.width);
}

}  // namespace distillar::test
