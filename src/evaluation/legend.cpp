#include "evaluation/legend.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"

namespace distillar::evaluation {

using formats::Image;

ClassStyle style_of(const datasets::Taxonomy& taxonomy) {
    return {taxonomy.classes, taxonomy.palette};
}

Color color_of(const ClassStyle& style, std::uint8_t class_index) {
    if (class_index == 255) {
        return colors::dim;
    }
    if (class_index >= style.colors.size()) {
        base::fail("class {} has no colour: the taxonomy has {} classes; use the labels' own one",
                   class_index, style.colors.size());
    }
    return style.colors[class_index];
}

std::vector<LegendEntry> legend_entries(const ClassStyle& style,
                                        std::span<const std::uint8_t> labels,
                                        std::span<const std::uint8_t> more_labels) {
    std::array<bool, 256> occurs{};
    for (const auto list : {labels, more_labels}) {
        for (const std::uint8_t label : list) {
            occurs[label] = true;
        }
    }
    std::vector<LegendEntry> entries;
    for (std::size_t i = 0; i < style.names.size() && i < 255; ++i) {
        if (occurs[i]) {
            entries.push_back({style.names[i], style.colors.at(i)});
        }
    }
    if (occurs[255]) {
        entries.push_back({"not labelled", colors::dim});
    }
    return entries;
}

Image draw_legend(const std::vector<LegendEntry>& entries, int width, int scale) {
    struct Place {
        std::string name;
        Color color;
        int line;
        int column;
    };
    const int swatch = 8 * scale;
    const int gap = 4 * scale;
    const int line_height = text_height(scale) + gap;
    std::vector<Place> places;
    int line = 0;
    int column = gap;
    for (const auto& entry : entries) {
        const auto name = fit_text(entry.name, width - swatch - 3 * gap, scale);
        const int wide = swatch + gap + text_width(name, scale);
        if (column > gap && column + wide + gap > width) {
            ++line;
            column = gap;
        }
        places.push_back({name, entry.color, line, column});
        column += wide + 3 * gap;
    }
    Image image = blank_image(width, (line + 1) * line_height + gap, colors::night);
    for (const auto& place : places) {
        const int row = gap + place.line * line_height;
        fill_rectangle(image, row, place.column, swatch, swatch, place.color);
        draw_text(image, row, place.column + swatch + gap, place.name, colors::pale, scale);
    }
    return image;
}

Image stack_rows(const std::vector<Image>& images, Color background) {
    int width = 1;
    int height = 0;
    for (const auto& image : images) {
        width = std::max(width, image.width);
        height += image.height;
    }
    Image stack = blank_image(width, std::max(height, 1), background);
    int row = 0;
    for (const auto& image : images) {
        paste(stack, image, row, 0);
        row += image.height;
    }
    return stack;
}

}  // namespace distillar::evaluation
