#include "evaluation/canvas.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "evaluation/font.hpp"

namespace distillar::evaluation {

using formats::Image;

namespace {

constexpr int largest_side = 16384;

struct Box {
    int top, left, bottom, right;  // the last two exclusive
};

/// The pixels of the image within `margin` of the given extremes; safe for any numbers.
Box clip(const Image& image, double top, double left, double bottom, double right, double margin) {
    const auto bound = [](double value, int limit) {
        return std::isnan(value) ? 0 : static_cast<int>(std::clamp<double>(value, 0, limit));
    };
    return {bound(std::floor(top - margin), image.height),
            bound(std::floor(left - margin), image.width),
            bound(std::ceil(bottom + margin) + 1, image.height),
            bound(std::ceil(right + margin) + 1, image.width)};
}

/// Blends a colour where `distance(row, column)` to the shape is below half a pixel.
template <typename Distance>
void draw_shape(Image& image, const Box& box, Color color, const Distance& distance) {
    for (int row = box.top; row < box.bottom; ++row) {
        for (int column = box.left; column < box.right; ++column) {
            const double opacity = std::clamp(0.5 - distance(row, column), 0.0, 1.0);
            blend(image, row, column, color, opacity);
        }
    }
}

}  // namespace

Image blank_image(int width, int height, Color color) {
    if (width < 1 || height < 1 || width > largest_side || height > largest_side) {
        base::fail("a picture of {} x {} pixels; choose 1 to {} a side", width, height,
                   largest_side);
    }
    Image image;
    image.width = width;
    image.height = height;
    image.rgb.resize(3 * static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    for (std::size_t i = 0; i < image.rgb.size(); ++i) {
        image.rgb[i] = color[i % 3];
    }
    return image;
}

void blend(Image& image, int row, int column, Color color, double opacity) {
    if (row < 0 || column < 0 || row >= image.height || column >= image.width || opacity <= 0) {
        return;
    }
    std::uint8_t* pixel = image.at(row, column);
    for (std::size_t i = 0; i < 3; ++i) {
        const double mixed = pixel[i] + opacity * (color[i] - pixel[i]);
        pixel[i] = static_cast<std::uint8_t>(std::lround(mixed));
    }
}

void fill_rectangle(Image& image, int row, int column, int height, int width, Color color,
                    double opacity) {
    for (int r = std::max(row, 0); r < std::min(row + height, image.height); ++r) {
        for (int c = std::max(column, 0); c < std::min(column + width, image.width); ++c) {
            blend(image, r, c, color, opacity);
        }
    }
}

void paste(Image& image, const Image& part, int row, int column) {
    const int left = std::max(0, -column);
    const int right = std::min(part.width, image.width - column);
    for (int r = std::max(0, -row); r < std::min(part.height, image.height - row); ++r) {
        if (left < right) {
            std::copy(part.at(r, left), part.at(r, right - 1) + 3,
                      image.at(row + r, column + left));
        }
    }
}

void draw_circle(Image& image, PixelPosition centre, double radius, Color color, double width) {
    const Box box = clip(image, centre.row - radius, centre.column - radius, centre.row + radius,
                         centre.column + radius, width);
    draw_shape(image, box, color, [&](int row, int column) {
        const double distance = std::hypot(row - centre.row, column - centre.column);
        return std::abs(distance - radius) - width / 2;
    });
}

void draw_triangle(Image& image, PixelPosition a, PixelPosition b, PixelPosition c, Color color) {
    const Box box =
        clip(image, std::min({a.row, b.row, c.row}), std::min({a.column, b.column, c.column}),
             std::max({a.row, b.row, c.row}), std::max({a.column, b.column, c.column}), 1);
    // Signed distance to the side from p to q, negative on the inner side.
    const double turn =
        (b.row - a.row) * (c.column - a.column) - (b.column - a.column) * (c.row - a.row);
    const double sign = turn > 0 ? 1 : -1;
    const auto side = [&](PixelPosition p, PixelPosition q, int row, int column) {
        const double length = std::max(1e-9, std::hypot(q.row - p.row, q.column - p.column));
        return -sign *
               ((q.row - p.row) * (column - p.column) - (q.column - p.column) * (row - p.row)) /
               length;
    };
    draw_shape(image, box, color, [&](int row, int column) {
        return std::max(
            {side(a, b, row, column), side(b, c, row, column), side(c, a, row, column)});
    });
}

int text_width(std::string_view text, int scale) {
    return text.empty() ? 0 : scale * (glyph_advance * static_cast<int>(text.size()) - 1);
}

int text_height(int scale) {
    return scale * (glyph_line - 1);
}

void draw_text(Image& image, int row, int column, std::string_view text, Color color, int scale) {
    for (const char letter : text) {
        for (int r = 0; r < glyph_line; ++r) {
            for (int c = 0; c < glyph_advance; ++c) {
                if (glyph_pixel(letter, r, c)) {
                    fill_rectangle(image, row + r * scale, column + c * scale, scale, scale, color);
                }
            }
        }
        column += glyph_advance * scale;
    }
}

void draw_label(Image& image, int row, int column, std::string_view text, Color color, int scale) {
    const int margin = 2 * scale;
    const int width = text_width(text, scale);
    const int height = text_height(scale);
    column = std::max(margin, std::min(column, image.width - width - margin));
    row = std::max(margin, std::min(row, image.height - height - margin));
    fill_rectangle(image, row - margin, column - margin, height + 2 * margin, width + 2 * margin,
                   colors::night, 0.65);
    draw_text(image, row, column, text, color, scale);
}

std::string fit_text(const std::string& text, int width, int scale) {
    if (text_width(text, scale) <= width) {
        return text;
    }
    std::string shorter = text;
    while (!shorter.empty() && text_width(shorter + "...", scale) > width) {
        shorter.pop_back();
    }
    return shorter.empty() ? "" : shorter + "...";
}

}  // namespace distillar::evaluation
