#pragma once

namespace distillar::evaluation {

/// A small bitmap font drawn for this project: ASCII 32 to 126, cells of 6 x 10 pixels (letters
/// 5 x 7, two rows for descenders, gaps).
inline constexpr int glyph_advance = 6;
inline constexpr int glyph_line = 10;

/// Is this pixel of the letter's cell set? False outside the cell; other characters look like '?'.
bool glyph_pixel(char letter, int row, int column);

}  // namespace distillar::evaluation
