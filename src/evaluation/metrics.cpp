#include "evaluation/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"

namespace distillar::evaluation {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

class Mean {
public:
    void add(double value) {
        sum_ += value;
        ++count_;
    }
    double value() const { return count_ == 0 ? nan : sum_ / count_; }

private:
    double sum_ = 0;
    int count_ = 0;
};

double ratio(std::int64_t part, std::int64_t whole) {
    return whole == 0 ? nan : static_cast<double>(part) / static_cast<double>(whole);
}

std::string json(double value) {
    return nlohmann::json(value).dump();  // NaN becomes null
}

std::string json(const std::string& text) {
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string percent(double fraction) {
    return std::isnan(fraction) ? "-" : fmt::format("{:.1f}", 100 * fraction);
}

}  // namespace

Metrics metrics_from(const ConfusionMatrix& matrix, const std::vector<std::string>& names) {
    if (names.size() != matrix.classes()) {
        base::fail("{} class names for a confusion matrix of {} classes; give one per class",
                   names.size(), matrix.classes());
    }
    Metrics metrics;
    Mean all;
    Mean common;
    Mean published;
    std::int64_t right = 0;
    for (std::size_t c = 0; c < names.size(); ++c) {
        const std::int64_t points = matrix.truth_points(c);
        const std::int64_t predicted = matrix.predicted_points(c);
        const double iou = ratio(matrix.at(c, c), points + predicted - matrix.at(c, c));
        metrics.classes.push_back({names[c], points == 0 ? nan : iou, points});
        metrics.points += points;
        right += matrix.at(c, c);
        if (points > 0) {
            all.add(iou);
        }
        if (points >= common_points) {
            common.add(iou);
        } else {
            metrics.left_out_of_common.push_back(names[c]);
        }
        if (!std::isnan(iou)) {
            published.add(iou);
        }
    }
    metrics.miou = all.value();
    metrics.miou_common = common.value();
    metrics.miou_nanmean = published.value();
    metrics.accuracy = ratio(right, metrics.points);
    return metrics;
}

std::string metrics_json(const Metrics& metrics, const ConfusionMatrix& matrix) {
    std::vector<std::string> classes;
    std::vector<std::string> rows;
    for (std::size_t truth = 0; truth < metrics.classes.size(); ++truth) {
        const auto& entry = metrics.classes[truth];
        classes.push_back(fmt::format("{{\"name\": {}, \"iou\": {}, \"points\": {}}}",
                                      json(entry.name), json(entry.iou), entry.points));
        std::vector<std::int64_t> row;
        for (std::size_t prediction = 0; prediction < matrix.classes(); ++prediction) {
            row.push_back(matrix.at(truth, prediction));
        }
        rows.push_back(fmt::format("[{}]", fmt::join(row, ", ")));
    }
    return fmt::format(
        "{{\n  \"miou\": {},\n  \"miou_common\": {},\n  \"miou_nanmean\": {},\n"
        "  \"accuracy\": {},\n  \"points\": {},\n  \"classes\": [\n    {}\n  ],\n"
        "  \"confusion\": [\n    {}\n  ]\n}}\n",
        json(metrics.miou), json(metrics.miou_common), json(metrics.miou_nanmean),
        json(metrics.accuracy), metrics.points, base::join(classes, ",\n    "),
        base::join(rows, ",\n    "));
}

std::string metrics_table(const Metrics& metrics) {
    struct Row {
        std::string name, value, points;
    };
    std::vector<Row> rows = {{"class", "IoU %", "points"}};
    for (const auto& entry : metrics.classes) {
        rows.push_back({entry.name, percent(entry.iou), fmt::format("{}", entry.points)});
    }
    const std::size_t means = rows.size();
    rows.push_back({fmt::format("mIoU, classes of {}+ points", common_points),
                    percent(metrics.miou_common), ""});
    rows.push_back({"mIoU, all classes that are there", percent(metrics.miou), ""});
    rows.push_back({"mIoU, published form (nanmean)", percent(metrics.miou_nanmean), ""});
    rows.push_back({"accuracy", percent(metrics.accuracy), fmt::format("{}", metrics.points)});
    std::size_t width = 0;
    for (const auto& row : rows) {
        width = std::max(width, row.name.size());
    }
    std::string table;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i == means) {
            table += std::string(width + 22, '-') + "\n";
        }
        table += fmt::format("{:<{}}  {:>6}  {:>12}\n", rows[i].name, width, rows[i].value,
                             rows[i].points);
    }
    if (!metrics.left_out_of_common.empty()) {
        table += fmt::format("fewer than {} points: {}\n", common_points,
                             base::join(metrics.left_out_of_common));
    }
    return table;
}

}  // namespace distillar::evaluation
