#include "evaluation/chart.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/error.hpp"

namespace distillar::evaluation {

using formats::Image;

namespace {

constexpr int scale = 2;  // of all text
constexpr int gap = 12;
constexpr Color grid_color = {226, 229, 234};

Color series_color(std::size_t index) {
    constexpr std::array<Color, 8> series_colors = {{{44, 110, 200},
                                                     {226, 110, 30},
                                                     {40, 150, 80},
                                                     {200, 50, 70},
                                                     {130, 85, 190},
                                                     {130, 95, 70},
                                                     {220, 110, 180},
                                                     {90, 100, 110}}};
    return series_colors[index % series_colors.size()];
}

struct Range {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();

    void add(double value) {
        low = std::min(low, value);
        high = std::max(high, value);
    }
    bool empty() const { return low > high; }
};

/// What is drawn where: data coordinates, and the plot's box in pixels.
struct Frame {
    std::vector<double> x_ticks, y_ticks;
    int top, left, bottom, right;

    PixelPosition pixel(double x, double y) const {
        const auto share = [](double value, const std::vector<double>& ticks) {
            return (value - ticks.front()) / (ticks.back() - ticks.front());
        };
        return {bottom - share(y, y_ticks) * (bottom - top),
                left + share(x, x_ticks) * (right - left)};
    }
};

bool drawable(const Series& series, std::size_t i) {
    // The bound keeps differences of two values finite.
    constexpr double limit = 1e300;
    return std::abs(series.x[i]) < limit && std::abs(series.y[i]) < limit;  // false for NaN
}

void check(const Chart& chart) {
    if (chart.width < 320 || chart.height < 240) {
        base::fail("a chart of {} x {} pixels; choose at least 320 x 240", chart.width,
                   chart.height);
    }
    for (const auto& series : chart.series) {
        check_series(series);
    }
}

std::string tick_text(double value, double step) {
    return fmt::format("{:g}", std::abs(value) < step * 1e-6 ? 0.0 : value);
}

int widest_tick(const std::vector<double>& ticks) {
    int width = 0;
    for (const double tick : ticks) {
        width = std::max(width, text_width(tick_text(tick, ticks[1] - ticks[0]), scale));
    }
    return width;
}

void draw_axes(Image& image, const Frame& frame) {
    for (const double tick : frame.y_ticks) {
        const auto place = frame.pixel(frame.x_ticks.front(), tick);
        const auto text = tick_text(tick, frame.y_ticks[1] - frame.y_ticks[0]);
        draw_line(image, place, {place.row, static_cast<double>(frame.right)}, grid_color);
        draw_text(image, static_cast<int>(place.row) - 7 * scale / 2,
                  frame.left - gap - text_width(text, scale), text, colors::ink, scale);
    }
    for (const double tick : frame.x_ticks) {
        const auto place = frame.pixel(tick, frame.y_ticks.front());
        const auto text = tick_text(tick, frame.x_ticks[1] - frame.x_ticks[0]);
        draw_line(image, place, {static_cast<double>(frame.top), place.column}, grid_color);
        const int column = std::min(static_cast<int>(place.column) - text_width(text, scale) / 2,
                                    image.width - text_width(text, scale) - 2);
        draw_text(image, frame.bottom + gap, column, text, colors::ink, scale);
    }
    const PixelPosition corner{static_cast<double>(frame.bottom), static_cast<double>(frame.left)};
    draw_line(image, corner, {corner.row, static_cast<double>(frame.right)}, colors::ink);
    draw_line(image, corner, {static_cast<double>(frame.top), corner.column}, colors::ink);
}

void draw_series(Image& image, const Frame& frame, const Series& series, Color color) {
    for (std::size_t i = 0; i < series.x.size(); ++i) {
        if (!drawable(series, i)) {
            continue;
        }
        const auto place = frame.pixel(series.x[i], series.y[i]);
        if (i > 0 && drawable(series, i - 1)) {
            draw_line(image, frame.pixel(series.x[i - 1], series.y[i - 1]), place, color, 2);
        } else if (i + 1 == series.x.size() || !drawable(series, i + 1)) {
            draw_disc(image, place, 3, color);  // a value on its own
        }
    }
}

/// Line and name of every series, wrapped, from (row, column) on; returns the height used.
int draw_names(Image& image, const Chart& chart, int row, int left) {
    constexpr int swatch = 28;
    const int first_row = row;
    int column = left;
    for (std::size_t i = 0; i < chart.series.size(); ++i) {
        const auto name =
            fit_text(chart.series[i].name, chart.width - left - swatch - 2 * gap, scale);
        const int width = swatch + gap + text_width(name, scale);
        if (column > left && column + width + gap > chart.width) {
            row += text_height(scale) + gap / 2;
            column = left;
        }
        const double middle = row + 3.5 * scale;
        draw_line(image, {middle, static_cast<double>(column)},
                  {middle, static_cast<double>(column + swatch)}, series_color(i), 4);
        draw_text(image, row, column + swatch + gap, name, colors::ink, scale);
        column += width + 2 * gap;
    }
    return chart.series.empty() ? 0 : row - first_row + text_height(scale) + gap / 2;
}

}  // namespace

void check_series(const Series& series) {
    if (series.x.size() != series.y.size()) {
        base::fail("the series '{}' has {} x values but {} y values; give one y per x", series.name,
                   series.x.size(), series.y.size());
    }
}

std::vector<double> axis_ticks(double low, double high, int count) {
    if (!(high > low)) {
        const double room = std::max(std::abs(low) * 0.1, 1e-6);
        low -= room;
        high += room;
    }
    const double raw = (high - low) / std::max(count, 1);
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    double step = 10 * power;
    for (const double factor : {5.0, 2.0, 1.0}) {
        step = factor * power >= raw * (1 - 1e-9) ? factor * power : step;
    }
    const double first = std::floor(low / step + 1e-9);
    const double last = std::max(std::ceil(high / step - 1e-9), first + 1);
    std::vector<double> ticks;
    for (int i = 0; i <= static_cast<int>(std::min(last - first, 1000.0)); ++i) {
        ticks.push_back((first + i) * step);
    }
    return ticks;
}

Image draw_chart(const Chart& chart) {
    check(chart);
    Image image = blank_image(chart.width, chart.height, colors::white);
    int row = gap;
    draw_text(image, row, gap, fit_text(chart.title, chart.width - 2 * gap, scale), colors::ink,
              scale);
    row += text_height(scale) + gap;
    row += draw_names(image, chart, row, gap) + gap;
    Range x;
    Range y;
    for (const auto& series : chart.series) {
        for (std::size_t i = 0; i < series.x.size(); ++i) {
            if (drawable(series, i)) {
                x.add(series.x[i]);
                y.add(series.y[i]);
            }
        }
    }
    if (x.empty()) {
        draw_text(image, chart.height / 2, gap, "no finite values to draw", colors::ink, scale);
        return image;
    }
    draw_text(image, row, gap, fit_text(chart.y_label, chart.width - 2 * gap, scale), colors::ink,
              scale);
    Frame frame;
    frame.x_ticks = axis_ticks(x.low, x.high, chart.width / 120);
    frame.y_ticks = axis_ticks(y.low, y.high, chart.height / 80);
    frame.top = row + text_height(scale) + 3 * gap / 2;
    frame.left = 2 * gap + widest_tick(frame.y_ticks);
    frame.bottom = chart.height - 2 * text_height(scale) - 3 * gap;
    frame.right = chart.width - 2 * gap;
    draw_axes(image, frame);
    for (std::size_t i = 0; i < chart.series.size(); ++i) {
        draw_series(image, frame, chart.series[i], series_color(i));
    }
    const auto label = fit_text(chart.x_label, chart.width - 2 * gap, scale);
    draw_text(image, chart.height - gap - text_height(scale),
              frame.right - text_width(label, scale), label, colors::ink, scale);
    return image;
}

}  // namespace distillar::evaluation
