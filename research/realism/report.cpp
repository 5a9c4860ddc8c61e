#include "research/realism/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "evaluation/html.hpp"
#include "evaluation/svg.hpp"

namespace distillar::research {

using evaluation::ScanStatistics;

namespace {

const std::vector<double> levels{0.05, 0.25, 0.5, 0.75, 0.95};

struct Quantity {
    const char* name;
    const char* unit;
    const std::vector<float> ScanStatistics::*values;
    int bins;
    double low_share, high_share;  ///< quantiles that the histogram reaches from and to
};

const std::vector<Quantity>& quantities() {
    static const std::vector<Quantity> all{
        {"range", "m", &ScanStatistics::range, 50, 0, 0.99},
        {"elevation", "degrees", &ScanStatistics::elevation, 80, 0.001, 0.999},
        {"nearest neighbour", "m", &ScanStatistics::spacing, 50, 0, 0.98},
        {"intensity", "", &ScanStatistics::intensity, 50, 0, 0.99}};
    return all;
}

/// Bins that both sides share.
std::vector<double> edges_of(const Quantity& quantity, const ScanStatistics& real,
                             const ScanStatistics& simulated) {
    double low = 1e300, high = -1e300;
    for (const ScanStatistics* side : {&real, &simulated}) {
        const auto& values = side->*quantity.values;
        if (!values.empty()) {
            const auto ends =
                evaluation::quantiles(values, {quantity.low_share, quantity.high_share});
            low = std::min(low, ends[0]);
            high = std::max(high, ends[1]);
        }
    }
    if (!(high > low)) {
        high = low + 1;
    }
    std::vector<double> edges;
    for (int i = 0; i <= quantity.bins; ++i) {
        edges.push_back(low + (high - low) * i / quantity.bins);
    }
    return edges;
}

std::string title_of(const Quantity& quantity) {
    return *quantity.unit == 0 ? quantity.name
                               : fmt::format("{}, {}", quantity.name, quantity.unit);
}

std::string number_text(double value) {
    return std::abs(value) >= 100 ? fmt::format("{:.0f}", value) : fmt::format("{:.3g}", value);
}

std::string quantile_text(const std::vector<float>& values) {
    if (values.empty()) {
        return "-";
    }
    std::string text;
    for (const double value : evaluation::quantiles(values, levels)) {
        text += (text.empty() ? "" : " / ") + number_text(value);
    }
    return text;
}

double share_of(const std::vector<std::size_t>& points, std::size_t index) {
    std::size_t sum = 0;
    for (const std::size_t count : points) {
        sum += count;
    }
    return sum == 0 ? 0 : static_cast<double>(points[index]) / static_cast<double>(sum);
}

std::string per_scan(std::size_t count, const ScanStatistics& statistics) {
    return fmt::format("{:.0f}",
                       static_cast<double>(count) /
                           static_cast<double>(std::max<std::size_t>(statistics.scans, 1)));
}

using Row = std::vector<std::string>;

std::vector<Row> quantity_rows(const RealismSide& real, const RealismSide& simulated) {
    const auto& a = real.statistics;
    const auto& b = simulated.statistics;
    std::vector<Row> rows{
        {"", real.name, simulated.name, "earth mover's distance", "total variation"},
        {"scans", fmt::format("{}", a.scans), fmt::format("{}", b.scans), "", ""},
        {"points a scan", per_scan(a.points, a), per_scan(b.points, b), "", ""},
        {"rows a scan without echo", per_scan(a.empty, a), per_scan(b.empty, b), "", ""}};
    for (const Quantity& quantity : quantities()) {
        const auto &left = a.*quantity.values, &right = b.*quantity.values;
        Row row{title_of(quantity), quantile_text(left), quantile_text(right), "-", "-"};
        if (!left.empty() && !right.empty()) {
            const auto edges = edges_of(quantity, a, b);
            row[3] = number_text(evaluation::earth_movers_distance(left, right));
            row[4] = fmt::format("{:.2f}",
                                 evaluation::total_variation(evaluation::histogram(left, edges),
                                                             evaluation::histogram(right, edges)));
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

/// Empty unless both sides have classes of one class set.
std::vector<Row> class_rows(const RealismSide& real, const RealismSide& simulated) {
    const auto& a = real.statistics.class_points;
    const auto& b = simulated.statistics.class_points;
    if (a.empty() || b.empty() || real.classes != simulated.classes) {
        return {};
    }
    std::vector<Row> rows{{"share of labelled points, %", real.name, simulated.name}};
    for (std::size_t i = 0; i < real.classes.size(); ++i) {
        rows.push_back({real.classes[i], fmt::format("{:.2f}", 100 * share_of(a, i)),
                        fmt::format("{:.2f}", 100 * share_of(b, i))});
    }
    return rows;
}

std::string markdown(const std::vector<Row>& rows) {
    std::string text;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        text += "|";
        for (const auto& cell : rows[i]) {
            text += fmt::format(" {} |", cell);
        }
        text += "\n";
        if (i == 0) {
            text += "|";
            for (std::size_t column = 0; column < rows[0].size(); ++column) {
                text += "---|";
            }
            text += "\n";
        }
    }
    return text;
}

std::string aligned(const std::vector<Row>& rows) {
    std::vector<std::size_t> widths(rows.empty() ? 0 : rows[0].size(), 0);
    for (const Row& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], row[i].size());
        }
    }
    std::string text;
    for (const Row& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            text += fmt::format("{:<{}}", row[i], i + 1 < row.size() ? widths[i] + 2 : 0);
        }
        text += "\n";
    }
    return text;
}

/// A histogram as steps.
evaluation::Series steps_of(const std::string& name, const std::vector<double>& bins,
                            const std::vector<double>& edges) {
    evaluation::Series series{name, {}, {}};
    for (std::size_t i = 0; i < bins.size(); ++i) {
        for (const double x : {edges[i], edges[i + 1]}) {
            series.x.push_back(x);
            series.y.push_back(100 * bins[i]);
        }
    }
    return series;
}

}  // namespace

std::string realism_table(const RealismSide& real, const RealismSide& simulated) {
    std::string text = markdown(quantity_rows(real, simulated));
    const auto classes = class_rows(real, simulated);
    return text + (classes.empty() ? "" : fmt::format("\n{}", markdown(classes))) +
           "\nQuantities: quantiles 5 / 25 / 50 / 75 / 95 %.\n";
}

std::string realism_text(const RealismSide& real, const RealismSide& simulated) {
    std::string text = aligned(quantity_rows(real, simulated));
    const auto classes = class_rows(real, simulated);
    return text + (classes.empty() ? "" : fmt::format("\n{}", aligned(classes))) +
           "\nQuantities: quantiles 5 / 25 / 50 / 75 / 95 %.\n";
}

std::string realism_picture(const RealismSide& real, const RealismSide& simulated) {
    std::vector<std::string> charts;
    for (const Quantity& quantity : quantities()) {
        const auto edges = edges_of(quantity, real.statistics, simulated.statistics);
        std::vector<evaluation::Series> series;
        for (const RealismSide* side : {&real, &simulated}) {
            const auto& values = side->statistics.*quantity.values;
            if (!values.empty()) {
                series.push_back(steps_of(side->name, evaluation::histogram(values, edges), edges));
            }
        }
        charts.push_back(evaluation::svg_lines(title_of(quantity) + " (% of points)", series));
    }
    return evaluation::svg_file(charts);
}

}  // namespace distillar::research
