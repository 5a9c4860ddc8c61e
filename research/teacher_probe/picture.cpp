#include "research/teacher_probe/picture.hpp"

#include <algorithm>

#include "evaluation/canvas.hpp"
#include "evaluation/legend.hpp"
#include "models/image_resize.hpp"

namespace distillar::research {

namespace {

using evaluation::Color;
using formats::Image;

constexpr int panel_width = 560;
constexpr int gap = 4;

/// N x channels -> N colours. Each component runs from its 2nd to its 98th percentile; its sign is
/// such that its largest weight is above 0.
std::vector<Color> principal_colors(const torch::Tensor& features) {
    const auto centred = features - features.mean(at::IntArrayRef{0});
    const auto axes =
        std::get<2>(torch::linalg_svd(centred, false)).slice(0, 0, 3);  // 3 x channels
    const auto largest = axes.gather(1, axes.abs().argmax(1, true));
    const auto values = centred.matmul((axes * largest.sign()).t());
    const auto low = values.quantile(0.02, 0, true);
    const auto high = values.quantile(0.98, 0, true);
    const auto shares = ((values - low) / (high - low)).clamp(0, 1);
    const auto bytes = (255 * shares).to(torch::kUInt8).contiguous();
    std::vector<Color> colors(static_cast<std::size_t>(bytes.size(0)));
    for (std::size_t i = 0; i < colors.size(); ++i) {
        std::copy_n(bytes.data_ptr<std::uint8_t>() + 3 * i, 3, colors[i].begin());
    }
    return colors;
}

std::vector<Color> class_colors(const evaluation::ClassStyle& style,
                                const std::vector<std::uint8_t>& classes) {
    std::vector<Color> colors;
    for (const std::uint8_t index : classes) {
        colors.push_back(evaluation::color_of(style, index));
    }
    return colors;
}

/// Cells as rectangles of a panel.
Image panel_of(const std::vector<Color>& cells, std::int64_t rows, std::int64_t columns,
               int height) {
    Image panel = evaluation::blank_image(panel_width, height, evaluation::colors::night);
    for (int row = 0; row < height; ++row) {
        for (int column = 0; column < panel_width; ++column) {
            const std::int64_t cell =
                row * rows / height * columns + column * columns / panel_width;
            evaluation::blend(panel, row, column, cells[static_cast<std::size_t>(cell)]);
        }
    }
    return panel;
}

}  // namespace

Image draw_probe(models::Teacher& teacher, const LinearProbe& probe,
                 const datasets::Taxonomy& taxonomy, const training::ImageFile& file) {
    const Image photo = formats::read_image(file.image);
    const int height = photo.height * panel_width / photo.width;
    const auto grid = teacher.features(file.image).values;
    const Cells cells = cells_of(teacher, taxonomy, {file});
    const auto predicted = probe.predict(cells.features);
    const auto truth = bytes_of(cells.classes);
    const auto style = evaluation::style_of(taxonomy);
    const auto panel = [&](const std::vector<Color>& colors) {
        return panel_of(colors, grid.size(0), grid.size(1), height);
    };
    Image sheet =
        evaluation::blank_image(2 * panel_width + gap, 2 * height + gap, evaluation::colors::night);
    const auto place = [&](const Image& part, int row, int column, const char* title) {
        evaluation::paste(sheet, part, row, column);
        evaluation::draw_label(sheet, row + 4, column + 4, title, evaluation::colors::white, 1);
    };
    const int below = height + gap;
    const int beside = panel_width + gap;
    place(models::resize_triangle(photo, panel_width, height), 0, 0, "image");
    place(panel(principal_colors(cells.features)), 0, beside,
          "features: three principal components");
    place(panel(class_colors(style, predicted)), below, 0, "linear probe");
    place(panel(class_colors(style, truth)), below, beside, "truth: most of the patch's pixels");
    const auto legend = evaluation::draw_legend(evaluation::legend_entries(style, predicted, truth),
                                                sheet.width, 1);
    return evaluation::stack_rows({sheet, legend}, evaluation::colors::night);
}

}  // namespace distillar::research
