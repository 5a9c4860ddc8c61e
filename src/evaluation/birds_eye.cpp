#include "evaluation/birds_eye.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"

namespace distillar::evaluation {

using formats::Image;
using geometry::Points;

namespace {

constexpr int text_scale = 2;
constexpr int margin = 8;
constexpr double ring_spacing = 10;     // metres
constexpr double readable_width = 480;  // pixels: narrower maps have no room for their titles
constexpr double sparse_points = 0.35;  // points a pixel below which points are drawn 2 pixels wide

int pixels(double metres, double metres_per_pixel) {
    const double count = std::round(metres / metres_per_pixel);
    if (!(count >= 1 && count <= 16384)) {
        base::fail("a map of {} m at {} m a pixel; choose a view of 1 to 16384 pixels", metres,
                   metres_per_pixel);
    }
    return static_cast<int>(count);
}

struct Dot {
    double height;
    std::uint32_t point;
    int row;
    int column;
};

/// Finite points inside the view, from low to high (points of one height in their own order).
std::vector<Dot> dots_from(const Points& points, const MapView& view, int width, int height) {
    std::vector<Dot> dots;
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
        const auto place = view.pixel(points(i, 0), points(i, 1));
        const bool inside = place.row > -0.5 && place.row < height - 0.5 && place.column > -0.5 &&
                            place.column < width - 0.5;
        if (inside && std::isfinite(points(i, 2))) {  // false for NaN
            dots.push_back({points(i, 2), static_cast<std::uint32_t>(i),
                            static_cast<int>(std::lround(place.row)),
                            static_cast<int>(std::lround(place.column))});
        }
    }
    std::stable_sort(dots.begin(), dots.end(),
                     [](const Dot& a, const Dot& b) { return a.height < b.height; });
    return dots;
}

double farthest_corner(const MapView& view) {
    return std::hypot(std::max(view.front, view.back), std::max(view.left, view.right));
}

void draw_rings(Image& image, const MapView& view) {
    const auto sensor = view.pixel(0, 0);
    for (double range = ring_spacing; range < farthest_corner(view); range += ring_spacing) {
        draw_circle(image, sensor, range / view.metres_per_pixel, colors::dim);
    }
}

/// "20 m" where a ring crosses the line to the right of straight ahead, if that is in the view.
void draw_ring_labels(Image& image, const MapView& view) {
    constexpr double angle = 0.62;  // radians: beside the road and a solid-state lidar's field
    const int scale = image.width >= 400 ? text_scale : 1;
    for (double range = ring_spacing; range < farthest_corner(view); range += ring_spacing) {
        const auto place = view.pixel(range * std::cos(angle), -range * std::sin(angle));
        const auto text = fmt::format("{:.0f} m", range);
        const int row = static_cast<int>(place.row) - text_height(scale) / 2;
        const int column = static_cast<int>(place.column) - text_width(text, scale) / 2;
        const int border = 2 * scale;
        if (row >= border && column >= border &&
            row + text_height(scale) + border <= image.height &&
            column + text_width(text, scale) + border <= image.width) {
            draw_label(image, row, column, text, colors::pale, scale);
        }
    }
}

void draw_sensor(Image& image, const MapView& view) {
    const auto [row, column] = view.pixel(0, 0);
    draw_triangle(image, {row - 13, column}, {row + 9, column - 9}, {row + 9, column + 9},
                  colors::night);
    draw_triangle(image, {row - 9, column}, {row + 6, column - 6}, {row + 6, column + 6},
                  colors::white);
}

Image titled(const Image& map, const std::string& title) {
    Image bar = blank_image(map.width, text_height(text_scale) + 2 * margin, colors::night);
    draw_text(bar, margin, margin, fit_text(title, bar.width - 2 * margin, text_scale),
              colors::white, text_scale);
    return stack_rows({bar, map}, colors::night);
}

Image footnote(int width) {
    const std::string text = "seen from above; triangle: the lidar, facing up; rings every 10 m";
    const int scale = text_width(text, text_scale) + 2 * margin <= width ? text_scale : 1;
    Image bar = blank_image(width, text_height(scale) + margin, colors::night);
    draw_text(bar, 0, margin, fit_text(text, width - 2 * margin, scale), colors::slate, scale);
    return bar;
}

Image draw_classes(const Points& points, std::span<const std::uint8_t> classes,
                   const ClassStyle& style, const MapView& view) {
    std::vector<Color> point_colors;
    point_colors.reserve(classes.size());
    for (const std::uint8_t class_index : classes) {
        point_colors.push_back(color_of(style, class_index));
    }
    return draw_map(points, point_colors, view);
}

/// The map of right (grey) and wrong (red) points, titled with the share of right ones.
Image draw_errors(const Points& points, std::span<const std::uint8_t> truth,
                  std::span<const std::uint8_t> prediction, const MapView& view) {
    std::vector<Eigen::Index> judged;
    std::vector<Color> point_colors;
    std::size_t right = 0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        if (truth[i] != 255) {
            const bool is_right = truth[i] == prediction[i];
            right += is_right ? 1 : 0;
            judged.push_back(static_cast<Eigen::Index>(i));
            point_colors.push_back(is_right ? colors::slate : colors::red);
        }
    }
    const Points judged_points = points(judged, Eigen::all);
    const auto share = judged.empty()
                           ? std::string("no point has a label")
                           : fmt::format("{:.1f} % right", 100.0 * static_cast<double>(right) /
                                                               static_cast<double>(judged.size()));
    return titled(draw_map(judged_points, point_colors, view), "Errors in red: " + share);
}

Image side_by_side(const std::vector<Image>& images) {
    int width = -margin;
    int height = 1;
    for (const auto& image : images) {
        width += image.width + margin;
        height = std::max(height, image.height);
    }
    Image row = blank_image(width, height, colors::dim);
    int column = 0;
    for (const auto& image : images) {
        paste(row, image, 0, column);
        column += image.width + margin;
    }
    return row;
}

void check_count(const Points& points, std::size_t count, const char* what) {
    if (static_cast<std::size_t>(points.rows()) != count) {
        base::fail("a picture of {} points with {} {}; give one per point", points.rows(), count,
                   what);
    }
}

}  // namespace

int MapView::width() const {
    return pixels(left + right, metres_per_pixel);
}

int MapView::height() const {
    return pixels(front + back, metres_per_pixel);
}

PixelPosition MapView::pixel(double x, double y) const {
    return {(front - x) / metres_per_pixel - 0.5, (left - y) / metres_per_pixel - 0.5};
}

MapView fitting_view(const Points& points, double limit, double metres_per_pixel) {
    std::vector<double> reach;
    const auto side = [&](Eigen::Index axis, double sign, double least) {
        reach.clear();
        for (Eigen::Index i = 0; i < points.rows(); ++i) {
            if (std::isfinite(points(i, axis))) {
                reach.push_back(sign * points(i, axis));
            }
        }
        if (reach.empty()) {
            return limit;
        }
        const auto place =
            reach.begin() + static_cast<std::ptrdiff_t>((reach.size() - 1) * 99 / 100);
        std::nth_element(reach.begin(), place, reach.end());
        return std::clamp(5 * std::ceil(*place / 5), std::min(least, limit), limit);
    };
    MapView view{side(0, 1, 5), side(0, -1, 5), side(1, 1, 20), side(1, -1, 20), 0};
    view.metres_per_pixel = std::min(metres_per_pixel, (view.left + view.right) / readable_width);
    return view;
}

Image draw_map(const Points& points, std::span<const Color> point_colors, const MapView& view) {
    check_count(points, point_colors.size(), "colours");
    Image image = blank_image(view.width(), view.height(), colors::night);
    draw_rings(image, view);
    const auto dots = dots_from(points, view, image.width, image.height);
    const double area = static_cast<double>(image.width) * image.height;
    const int size = static_cast<double>(dots.size()) < sparse_points * area ? 2 : 1;
    for (const auto& dot : dots) {
        fill_rectangle(image, dot.row, dot.column, size, size, point_colors[dot.point]);
    }
    draw_ring_labels(image, view);
    draw_sensor(image, view);
    return image;
}

Image draw_labels(const Points& points, std::span<const std::uint8_t> classes,
                  const ClassStyle& style, const MapView& view, const std::string& title) {
    check_count(points, classes.size(), "classes");
    const Image map = draw_classes(points, classes, style, view);
    return stack_rows({titled(map, title), draw_legend(legend_entries(style, classes), map.width),
                       footnote(map.width)},
                      colors::night);
}

Image draw_comparison(const Points& points, std::span<const std::uint8_t> truth,
                      std::span<const std::uint8_t> prediction, const ClassStyle& style,
                      const MapView& view, const std::string& heading) {
    check_count(points, truth.size(), "true classes");
    check_count(points, prediction.size(), "predicted classes");
    const Image maps =
        side_by_side({titled(draw_classes(points, truth, style, view), "Truth"),
                      titled(draw_classes(points, prediction, style, view), "Prediction"),
                      draw_errors(points, truth, prediction, view)});
    const auto legend = draw_legend(legend_entries(style, truth, prediction), maps.width);
    return stack_rows({titled(maps, heading), legend, footnote(maps.width)}, colors::night);
}

}  // namespace distillar::evaluation
