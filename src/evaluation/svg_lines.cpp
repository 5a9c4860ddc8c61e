#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "evaluation/svg.hpp"
#include "evaluation/svg_parts.hpp"

namespace distillar::evaluation {

namespace {

constexpr double width = 640, plot_height = 220, left = 58, right = 12, below = 40;

/// Ticks that hold all finite values of one coordinate; empty without any.
std::vector<double> ticks_of(const std::vector<Series>& all, std::vector<double> Series::*values,
                             int count) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const auto& series : all) {
        for (const double value : series.*values) {
            if (std::isfinite(value)) {
                low = std::min(low, value);
                high = std::max(high, value);
            }
        }
    }
    return low > high ? std::vector<double>{} : svg::axis_ticks(low, high, count);
}

/// From data to the drawing.
struct Scale {
    std::vector<double> ticks;
    double first, last;  ///< where the first and the last tick lie

    double operator()(double value) const {
        return first + (last - first) * (value - ticks.front()) / (ticks.back() - ticks.front());
    }
};

std::string axes(const Scale& x, const Scale& y, const std::string& x_label) {
    std::string elements;
    for (const double tick : y.ticks) {
        elements += svg::line(x.first, y(tick), x.last, y(tick), "grid");
        elements += svg::text(x.first - 8, y(tick) + 4, fmt::format("{:g}", tick), "end", "soft");
    }
    for (const double tick : x.ticks) {
        elements += svg::text(x(tick), y.first + 18, fmt::format("{:g}", tick),
                              tick == x.ticks.back() ? "end" : "middle", "soft");
    }
    elements += svg::line(x.first, y.first, x.last, y.first, "axis");
    return elements + svg::text((x.first + x.last) / 2, y.first + 36, x_label, "middle");
}

/// The series in pieces, cut where a value is not finite.
std::string curve(const Series& series, const Scale& x, const Scale& y, std::size_t index) {
    std::string elements, points;
    const auto finish = [&] {
        if (!points.empty()) {
            elements += fmt::format("<polyline class=\"curve\" style=\"stroke:{}\" points=\"{}\"/>",
                                    svg::series_color(index), points);
        }
        points.clear();
    };
    for (std::size_t i = 0; i < series.x.size(); ++i) {
        if (std::isfinite(series.x[i]) && std::isfinite(series.y[i])) {
            points += fmt::format("{:.1f},{:.1f} ", x(series.x[i]), y(series.y[i]));
        } else {
            finish();
        }
    }
    finish();
    return elements;
}

}  // namespace

std::string svg_lines(const std::string& x_label, const std::vector<Series>& series) {
    std::vector<std::string> names;
    for (const auto& [name, x, y] : series) {
        if (x.size() != y.size()) {
            base::fail("the series '{}' has {} x values but {} y values; give one y per x", name,
                       x.size(), y.size());
        }
        names.push_back(name);
    }
    const svg::Legend legend = svg::legend(names, width);
    const double top = legend.height + 8;
    const Scale x{ticks_of(series, &Series::x, 6), left, width - right};
    const Scale y{ticks_of(series, &Series::y, 4), top + plot_height, top};
    const double height = top + plot_height + below;
    if (x.ticks.empty() || y.ticks.empty()) {
        return svg::drawing(width, 40, svg::text(0, 24, "no finite values to draw"));
    }
    std::string elements = legend.elements + axes(x, y, x_label);
    for (std::size_t i = 0; i < series.size(); ++i) {
        elements += curve(series[i], x, y, i);
    }
    return svg::drawing(width, height, elements);
}

}  // namespace distillar::evaluation
