#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "evaluation/svg.hpp"
#include "evaluation/svg_parts.hpp"

namespace distillar::evaluation {

namespace {

constexpr double width = 640;

double widest(const std::vector<std::string>& words) {
    double most = 0;
    for (const auto& each : words) {
        most = std::max(most, svg::width_of(each));
    }
    return most;
}

void check(const GroupedBars& bars) {
    bool fits = bars.values.size() == bars.series.size();
    for (const auto& row : bars.values) {
        fits = fits && row.size() == bars.groups.size();
    }
    if (!fits) {
        base::fail("bars of {} series and {} groups; give one value for each of both",
                   bars.series.size(), bars.groups.size());
    }
}

/// A bar with its whisker, its lower end at `base`; `unit` is the height of the value 1.
std::string upright(const Spread& spread, double x, double bar_width, double base, double unit,
                    std::size_t series, const std::string& hint) {
    if (!std::isfinite(spread.mean)) {
        return "";
    }
    std::string elements = svg::box(x, base - unit * spread.mean, bar_width, unit * spread.mean,
                                    fmt::format("fill=\"{}\"", svg::series_color(series)), hint);
    if (spread.high > spread.low) {
        const double middle = x + bar_width / 2;
        elements += svg::line(middle, base - unit * spread.low, middle, base - unit * spread.high,
                              "whisker");
    }
    return elements;
}

}  // namespace

std::string svg_bars(const std::vector<Bar>& bars) {
    constexpr double row = 24, thick = 15;
    std::vector<std::string> names, numbers;
    for (const auto& bar : bars) {
        names.push_back(bar.name);
        numbers.push_back((std::isfinite(bar.value) ? fmt::format("{:.1f} ", 100 * bar.value)
                                                    : std::string("- ")) +
                          bar.note);
    }
    const double left = widest(names) + 10, room = width - left - widest(numbers) - 8;
    std::string elements;
    for (std::size_t i = 0; i < bars.size(); ++i) {
        const auto& bar = bars[i];
        const double top = row * static_cast<double>(i) + (row - thick) / 2;
        const double length = std::isfinite(bar.value) ? room * std::clamp(bar.value, 0.0, 1.0) : 0;
        const auto& [red, green, blue] = bar.color;
        elements += svg::text(left - 10, top + 12, bar.name, "end");
        elements += svg::box(left, top, room, thick, "style=\"fill:var(--panel)\"");
        elements += svg::box(left, top, length, thick,
                             fmt::format("fill=\"rgb({},{},{})\"", red, green, blue));
        elements += svg::text(left + length + 6, top + 12, numbers[i]);
    }
    return svg::drawing(width, row * static_cast<double>(std::max<std::size_t>(1, bars.size())),
                        elements);
}

std::string svg_grouped_bars(const GroupedBars& bars) {
    check(bars);
    constexpr double left = 40, plot_height = 230;
    double most = 0;
    for (const auto& row : bars.values) {
        for (const auto& spread : row) {
            most = std::isfinite(spread.high) ? std::max(most, spread.high) : most;
        }
    }
    const svg::Legend legend = svg::legend(bars.series, width);
    const auto ticks = svg::axis_ticks(0, most, 5);
    const double unit = plot_height / ticks.back(), base = legend.height + 8 + plot_height;
    std::string elements = legend.elements;
    for (const double tick : ticks) {
        elements += svg::line(left, base - unit * tick, width, base - unit * tick, "grid");
        elements +=
            svg::text(left - 8, base - unit * tick + 4, fmt::format("{:g}", tick), "end", "soft");
    }
    const double group_width =
        (width - left) / static_cast<double>(std::max<std::size_t>(1, bars.groups.size()));
    const double bar_width =
        std::min(36.0, 0.84 * group_width /
                           static_cast<double>(std::max<std::size_t>(1, bars.series.size())));
    const double bars_width = bar_width * static_cast<double>(bars.series.size());
    const double lines = std::max(1.0, std::ceil((widest(bars.groups) + 10) / group_width));
    for (std::size_t group = 0; group < bars.groups.size(); ++group) {
        const double line = std::fmod(static_cast<double>(group), lines);
        const double middle = left + group_width * (static_cast<double>(group) + 0.5);
        for (std::size_t series = 0; series < bars.series.size(); ++series) {
            const auto& spread = bars.values[series][group];
            elements +=
                upright(spread, middle - bars_width / 2 + bar_width * static_cast<double>(series),
                        bar_width * 0.88, base, unit, series,
                        fmt::format("{}, {}: {:.1f} ({:.1f} to {:.1f})", bars.groups[group],
                                    bars.series[series], spread.mean, spread.low, spread.high));
        }
        elements += svg::text(middle, base + 18 + 16 * line, bars.groups[group], "middle");
    }
    elements += svg::line(left, base, width, base, "axis");
    return svg::drawing(width, base + 12 + 16 * lines, elements);
}

}  // namespace distillar::evaluation
