#include "evaluation/svg_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "evaluation/html.hpp"

namespace distillar::evaluation::svg {

std::string drawing(double width, double height, const std::string& elements) {
    return fmt::format("<svg viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\">{}</svg>", width, height,
                       elements);
}

std::string text(double x, double y, std::string_view words, const char* anchor, const char* kind) {
    return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" class=\"{}\">{}</text>",
                       x, y, anchor, kind, escape_html(words));
}

std::string line(double x1, double y1, double x2, double y2, const char* kind) {
    return fmt::format(
        "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" class=\"{}\"/>", x1, y1, x2,
        y2, kind);
}

std::string box(double x, double y, double width, double height, const std::string& look,
                std::string_view hint) {
    const auto title =
        hint.empty() ? std::string() : fmt::format("<title>{}</title>", escape_html(hint));
    return fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" {}>{}</rect>", x, y,
        width, height, look, title);
}

std::string series_color(std::size_t index) {
    return fmt::format("var(--s{})", index % 8);
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

double width_of(std::string_view words) {
    return 6.8 * static_cast<double>(words.size());
}

Legend legend(const std::vector<std::string>& names, double width) {
    constexpr double line_height = 20, swatch = 12, gap = 18;
    if (names.size() < 2) {
        return {};
    }
    Legend legend{"", line_height};
    double x = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const double wide = swatch + 6 + width_of(names[i]);
        if (x > 0 && x + wide > width) {
            x = 0;
            legend.height += line_height;
        }
        legend.elements +=
            box(x, legend.height - 15, swatch, swatch, fmt::format("fill=\"{}\"", series_color(i)));
        legend.elements += text(x + swatch + 6, legend.height - 4.5, names[i]);
        x += wide + gap;
    }
    legend.height += 6;
    return legend;
}

}  // namespace distillar::evaluation::svg
