#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "evaluation/svg.hpp"
#include "evaluation/svg_parts.hpp"

namespace distillar::evaluation {

namespace {

constexpr double cell = 38, cell_height = 26;

std::string cell_of(const ConfusionMatrix& matrix, const std::vector<std::string>& names,
                    std::size_t truth, std::size_t prediction, double x, double y) {
    const std::int64_t all = matrix.truth_points(truth), count = matrix.at(truth, prediction);
    if (all == 0) {
        return svg::box(x, y, cell - 1, cell_height - 1, "style=\"fill:var(--panel)\"");
    }
    const double share = static_cast<double>(count) / static_cast<double>(all);
    const auto answer = prediction < names.size() ? names[prediction] : std::string("no answer");
    std::string elements = svg::box(x, y, cell - 1, cell_height - 1, "style=\"fill:var(--panel)\"");
    elements +=
        svg::box(x, y, cell - 1, cell_height - 1,
                 fmt::format("class=\"cell\" fill-opacity=\"{:.3f}\"", share),
                 fmt::format("{} -> {}: {} of {} points", names[truth], answer, count, all));
    if (count > 0) {
        const auto number =
            100 * share < 0.05 ? std::string("0") : fmt::format("{:.1f}", 100 * share);
        elements += svg::text(x + cell / 2, y + 17, number, "middle", share > 0.5 ? "on" : "");
    }
    return elements;
}

}  // namespace

std::string svg_confusion(const ConfusionMatrix& matrix, const std::vector<std::string>& names) {
    const std::size_t classes = matrix.classes();
    if (names.size() != classes) {
        base::fail("{} class names for a confusion matrix of {} classes; give one per class",
                   names.size(), classes);
    }
    bool unanswered = false;
    double left = 0;
    for (std::size_t c = 0; c < classes; ++c) {
        unanswered = unanswered || matrix.missed(c) > 0;
        left = std::max(left, svg::width_of(names[c]) + 34);
    }
    const std::size_t columns = classes + (unanswered ? 1 : 0);
    constexpr double top = 24;
    std::string elements = svg::text(0, 15, "truth \\ prediction", "start", "soft");
    for (std::size_t column = 0; column < columns; ++column) {
        const double x = left + cell * static_cast<double>(column);
        elements +=
            svg::text(x + cell / 2, 15, column < classes ? fmt::format("{}", column + 1) : "none",
                      "middle", "soft");
    }
    for (std::size_t truth = 0; truth < classes; ++truth) {
        const double y = top + cell_height * static_cast<double>(truth);
        elements +=
            svg::text(left - 10, y + 17, fmt::format("{}  {}", names[truth], truth + 1), "end");
        for (std::size_t column = 0; column < columns; ++column) {
            elements +=
                cell_of(matrix, names, truth, column, left + cell * static_cast<double>(column), y);
        }
    }
    return svg::drawing(std::max(640.0, left + cell * static_cast<double>(columns)),
                        top + cell_height * static_cast<double>(classes), elements);
}

}  // namespace distillar::evaluation
