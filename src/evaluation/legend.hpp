#pragma once
#include <span>
#include <string>
#include <vector>

#include "datasets/taxonomy.hpp"
#include "evaluation/canvas.hpp"

namespace distillar::evaluation {

/// Names and colours of the classes of a picture.
struct ClassStyle {
    std::vector<std::string> names;
    std::vector<Color> colors;
};

ClassStyle style_of(const datasets::Taxonomy& taxonomy);

/// The class's colour; colors::dim for 255. @throws base::Error for any other class.
Color color_of(const ClassStyle& style, std::uint8_t class_index);

struct LegendEntry {
    std::string name;
    Color color;
};

/// One entry per class that occurs in `labels` (either list), in the style's order, then
/// "not labelled" if 255 occurs.
std::vector<LegendEntry> legend_entries(const ClassStyle& style,
                                        std::span<const std::uint8_t> labels,
                                        std::span<const std::uint8_t> more_labels = {});

/// Swatches with names on a dark strip of this width, wrapped into as many lines as needed.
formats::Image draw_legend(const std::vector<LegendEntry>& entries, int width, int scale = 2);

/// Pictures above one another, aligned left on `background`.
formats::Image stack_rows(const std::vector<formats::Image>& images, Color background);

}  // namespace distillar::evaluation
