#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "formats/image.hpp"

namespace distillar::evaluation {

/// Drawing on formats::Image. Positions are (row, column) in pixels; whatever lies outside the
/// image is clipped.
using Color = std::array<std::uint8_t, 3>;

struct PixelPosition {
    double row = 0;
    double column = 0;
};

namespace colors {
inline constexpr Color night = {18, 20, 26};  ///< background of maps
inline constexpr Color white = {255, 255, 255};
inline constexpr Color pale = {205, 210, 218};   ///< text on dark
inline constexpr Color slate = {112, 118, 128};  ///< right points, rings' labels
inline constexpr Color dim = {62, 66, 74};       ///< ignored points, rings
inline constexpr Color red = {255, 62, 62};      ///< wrong points
}  // namespace colors

/// @throws base::Error unless both sides are 1 to 16,384 pixels.
formats::Image blank_image(int width, int height, Color color);

/// Mixes a colour into one pixel; opacity 0 leaves it, 1 replaces it.
void blend(formats::Image& image, int row, int column, Color color, double opacity = 1);
void fill_rectangle(formats::Image& image, int row, int column, int height, int width, Color color,
                    double opacity = 1);
/// Copies `part` with its upper left corner at (row, column).
void paste(formats::Image& image, const formats::Image& part, int row, int column);

// Smooth-edged shapes; a position at (r, c) is the centre of that pixel. --------------------------
void draw_circle(formats::Image& image, PixelPosition centre, double radius, Color color,
                 double width = 1);
void draw_triangle(formats::Image& image, PixelPosition a, PixelPosition b, PixelPosition c,
                   Color color);

// Text in the font of font.hpp, one line, `scale` pixels a dot. -----------------------------------
int text_width(std::string_view text, int scale = 1);
int text_height(int scale = 1);
void draw_text(formats::Image& image, int row, int column, std::string_view text, Color color,
               int scale = 1);
/// Text shifted so far that all of it lies inside the image, on a darkened patch.
void draw_label(formats::Image& image, int row, int column, std::string_view text, Color color,
                int scale = 1);
/// The text if it fits into `width` pixels, else its beginning and "...".
std::string fit_text(const std::string& text, int width, int scale = 1);

}  // namespace distillar::evaluation
