#include "study/results.hpp"

#include <algorithm>
#include <cmath>

#include "base/files.hpp"

namespace distillar::study {

namespace {

using evaluation::Spread;
using nlohmann::json;

/// Of every test in the cell that has the number.
template <typename Find>
Spread spread_over(const Results& results, const std::string& recipe, const std::string& column,
                   const Find& find) {
    std::vector<double> values;
    if (const auto found = results.cells.find({recipe, column}); found != results.cells.end()) {
        for (const auto& [seed, test] : found->second) {
            if (const json value = find(test); value.is_number()) {
                values.push_back(value.get<double>());
            }
        }
    }
    return spread_of(values);
}

}  // namespace

Spread spread_of(const std::vector<double>& values) {
    if (values.empty()) {
        return {};
    }
    double sum = 0;
    for (const double value : values) {
        sum += value;
    }
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    return {sum / static_cast<double>(values.size()), *low, *high};
}

Spread Results::spread(const std::string& recipe, const std::string& column,
                       const std::string& metric) const {
    return spread_over(*this, recipe, column,
                       [&](const json& test) { return test.value(metric, json()); });
}

Spread Results::class_spread(const std::string& recipe, const std::string& column,
                             std::size_t class_index) const {
    return spread_over(*this, recipe, column, [&](const json& test) {
        const json classes = test.value("classes", json::array());
        return class_index < classes.size() ? classes[class_index].value("iou", json()) : json();
    });
}

Spread Results::gain(const std::string& recipe, const std::string& over, const std::string& column,
                     const std::string& metric) const {
    const auto here = cells.find({recipe, column}), there = cells.find({over, column});
    std::vector<double> gains;
    if (here != cells.end() && there != cells.end()) {
        for (const auto& [seed, test] : here->second) {
            const auto other = there->second.find(seed);
            const json value = test.value(metric, json());
            const json than =
                other == there->second.end() ? json() : other->second.value(metric, json());
            if (value.is_number() && than.is_number()) {
                gains.push_back(value.get<double>() - than.get<double>());
            }
        }
    }
    return spread_of(gains);
}

void add_once(std::vector<std::string>& names, const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
        names.push_back(name);
    }
}

Column column_of(const Study& study, const std::string& setting, const std::string& test) {
    const bool alone = study.setting(setting).tests.size() == 1;
    return {setting, test, alone ? setting : setting + " -> " + test};
}

Results gather(const Study& study, const Plan& plan) {
    Results results;
    for (const auto& result : plan.results) {
        if (!std::filesystem::exists(result.json)) {
            continue;
        }
        auto test = json::parse(base::read_text(result.json), nullptr, false);
        if (test.is_object()) {
            const auto column = column_of(study, result.setting, result.test);
            results.cells[{result.recipe, column.name}][result.seed] = std::move(test);
        }
    }
    for (const auto& result : plan.results) {  // in the study's order
        const auto column = column_of(study, result.setting, result.test);
        if (!results.cells.contains({result.recipe, column.name})) {
            continue;
        }
        add_once(results.recipes, result.recipe);
        if (std::none_of(results.columns.begin(), results.columns.end(),
                         [&](const Column& each) { return each.name == column.name; })) {
            results.columns.push_back(column);
        }
    }
    return results;
}

const std::vector<Metric>& metrics() {
    static const std::vector<Metric> all{
        {"miou_common", "mIoU over common classes (`miou_common`), %", 100, 1, true},
        {"miou", "mIoU over all classes of the truth (`miou`), %", 100, 1, true},
        {"miou_nanmean", "mIoU, published form (`miou_nanmean`), %", 100, 1, false},
        {"accuracy", "Accuracy, %", 100, 1, false},
        {"entropy", "Mean prediction entropy, nats", 1, 3, false}};
    return all;
}

double gap_closed(const Study& study, const Results& results, const std::string& recipe,
                  const std::string& column, const std::string& metric) {
    const double low = results.spread(study.baseline, column, metric).mean;
    const double high = results.spread(study.oracle, column, metric).mean;
    const double here = results.spread(recipe, column, metric).mean;
    return high > low ? (here - low) / (high - low) : std::nan("");
}

}  // namespace distillar::study
