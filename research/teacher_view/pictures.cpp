#include "research/teacher_view/pictures.hpp"

#include <algorithm>

#include "evaluation/canvas.hpp"
#include "models/image_resize.hpp"
#include "research/teacher_view/groups.hpp"

namespace distillar::research {

namespace {

using evaluation::Color;
using formats::Image;

constexpr int widest_panel = 960;
constexpr std::uint8_t other = group_count;  // the style's last: predictions outside the groups

/// A panel and where its pixels lie in the photograph.
struct Panels {
    const View& view;
    int width, height;

    std::size_t source(int row, int column) const {
        const auto& image = view.image;
        const std::int64_t from_row = std::int64_t{row} * image.height / height;
        const std::int64_t from_column = std::int64_t{column} * image.width / width;
        return static_cast<std::size_t>(from_row * image.width + from_column);
    }
};

std::uint8_t predicted_group(std::uint8_t train_id) {
    return std::min(group_of_cityscapes(train_id), other);
}

/// The photograph in dark grey, for what is drawn at points.
Image dimmed(Image image) {
    for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
        const int grey = (image.rgb[i] + 2 * image.rgb[i + 1] + image.rgb[i + 2]) / 8;
        std::fill_n(image.rgb.begin() + static_cast<std::ptrdiff_t>(i), 3,
                    static_cast<std::uint8_t>(grey));
    }
    return image;
}

/// A panel coloured at every pixel, or at the points as squares of 3 pixels.
/// @param color_at  colour at entry i of the view's truth.
template <typename ColorAt>
Image coloured(const Panels& panels, const Image& photo, double opacity, ColorAt&& color_at) {
    Image panel = photo;
    if (panels.view.pixels.empty()) {
        for (int row = 0; row < panels.height; ++row) {
            for (int column = 0; column < panels.width; ++column) {
                evaluation::blend(panel, row, column, color_at(panels.source(row, column)),
                                  opacity);
            }
        }
        return panel;
    }
    const auto& image = panels.view.image;
    for (std::size_t i = 0; i < panels.view.truth.size(); ++i) {
        const auto pixel = static_cast<std::int64_t>(panels.view.pixels[i]);
        const auto row = static_cast<int>(pixel / image.width * panels.height / image.height);
        const auto column = static_cast<int>(pixel % image.width * panels.width / image.width);
        evaluation::fill_rectangle(panel, row - 1, column - 1, 3, 3, color_at(i));
    }
    return panel;
}

Image predicted_panel(const Panels& panels, const std::vector<std::uint8_t>& predicted) {
    Image panel = evaluation::blank_image(panels.width, panels.height, evaluation::colors::night);
    for (int row = 0; row < panels.height; ++row) {
        for (int column = 0; column < panels.width; ++column) {
            const std::uint8_t group = predicted_group(predicted[panels.source(row, column)]);
            evaluation::blend(panel, row, column, evaluation::color_of(group_style(), group));
        }
    }
    return panel;
}

void place(Image& sheet, const Image& panel, int row, int column, const char* title) {
    evaluation::paste(sheet, panel, row, column);
    evaluation::draw_label(sheet, row + 6, column + 6, title, evaluation::colors::white, 2);
}

}  // namespace

Image draw_view(const View& view, const std::vector<std::uint8_t>& predicted) {
    const int width = std::min(view.image.width, widest_panel);
    const int height =
        std::max(1, static_cast<int>(std::int64_t{view.image.height} * width / view.image.width));
    const Panels panels{view, width, height};
    const Image photo = models::resize_triangle(view.image, width, height);
    const Image dark = dimmed(photo);
    const auto& style = group_style();
    const Image truth = coloured(
        panels, dark, 1, [&](std::size_t i) { return evaluation::color_of(style, view.truth[i]); });
    const Image mistakes = coloured(panels, dark, 0.75, [&](std::size_t i) -> Color {
        if (view.truth[i] == no_group) {
            return evaluation::colors::night;
        }
        const bool right = group_of_cityscapes(predicted[view.pixel(i)]) == view.truth[i];
        return right ? evaluation::colors::slate : evaluation::colors::red;
    });
    constexpr int gap = 4;
    Image sheet =
        evaluation::blank_image(2 * width + gap, 2 * height + gap, evaluation::colors::night);
    place(sheet, photo, 0, 0, view.name.c_str());
    place(sheet, truth, 0, width + gap, "true");
    place(sheet, predicted_panel(panels, predicted), height + gap, 0, "predicted");
    place(sheet, mistakes, height + gap, width + gap, "mistakes");
    std::vector<evaluation::LegendEntry> entries;
    for (std::size_t group = 0; group < style.names.size(); ++group) {
        entries.push_back({style.names[group], style.colors[group]});
    }
    entries.push_back({"not judged", evaluation::colors::dim});
    return evaluation::stack_rows({sheet, evaluation::draw_legend(entries, sheet.width)},
                                  evaluation::colors::night);
}

}  // namespace distillar::research
