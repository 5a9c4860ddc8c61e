#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/progress.hpp"
#include "evaluation/report.hpp"
#include "study/results.hpp"
#include "training/run_folder.hpp"

namespace distillar::study {

namespace {

using evaluation::Spread;

constexpr std::size_t last_steps = 10;

/// Learning rates, counts and figures of single classes stand on a run's own page.
bool in_table(const std::string& name) {
    return name != "learning_rate" && name != "pairs" && !name.starts_with("target.kept.");
}

/// Mean of the last logged values of a run, by name.
std::map<std::string, double> last_values(const Run& run) {
    std::map<std::string, std::vector<double>> logged;
    for (const auto& step : training::read_metrics(run.folder / "metrics.jsonl")) {
        for (const auto& [name, value] : step.values) {
            if (in_table(name)) {
                logged[name].push_back(value);
            }
        }
    }
    std::map<std::string, double> last;
    for (const auto& [name, values] : logged) {
        const std::size_t count = std::min(last_steps, values.size());
        double sum = 0;
        for (std::size_t i = values.size() - count; i < values.size(); ++i) {
            sum += values[i];
        }
        last[name] = sum / static_cast<double>(count);
    }
    return last;
}

/// Rows recipes; columns what their runs logged last, over settings and seeds, and their time.
Table training_table(const Study& study, const Plan& plan, const Durations& durations) {
    std::map<std::string, std::map<std::string, std::vector<double>>> values;
    std::set<std::string> names;
    for (const auto& run : plan.runs) {
        for (const auto& [name, value] : last_values(run)) {
            values[run.recipe][name].push_back(value);
            names.insert(name);
        }
    }
    Table table{{"recipe"}};
    table[0].insert(table[0].end(), names.begin(), names.end());
    table[0].emplace_back("time of a run");
    for (const auto& recipe : study.recipes) {
        const auto found = values.find(recipe.name);
        if (found == values.end()) {
            continue;
        }
        table.push_back({recipe.name});
        for (const auto& name : names) {
            table.back().push_back(spread_text(spread_of(found->second[name]), 1, 3));
        }
        const auto seconds = durations.mean(recipe.name);
        table.back().push_back(seconds ? base::duration_text(*seconds) : "-");
    }
    return table;
}

/// Rows classes, columns recipes.
Table class_table(const Results& results, const std::string& column) {
    Table table{{"class", "points"}};
    table[0].insert(table[0].end(), results.recipes.begin(), results.recipes.end());
    const auto any = std::find_if(results.cells.begin(), results.cells.end(),
                                  [&](const auto& cell) { return cell.first.second == column; });
    const auto classes = any->second.begin()->second.value("classes", nlohmann::json::array());
    for (std::size_t c = 0; c < classes.size(); ++c) {
        table.push_back({classes[c].value("name", ""),
                         fmt::format("{}", classes[c].value("points", std::int64_t{0}))});
        for (const auto& recipe : results.recipes) {
            table.back().push_back(spread_text(results.class_spread(recipe, column, c), 100, 1));
        }
    }
    return table;
}

/// The table of one recipe alone.
Table settings_by_tests(const Results& results, const Cell& cell) {
    std::vector<std::string> settings, tests;
    for (const auto& column : results.columns) {
        add_once(settings, column.setting);
        add_once(tests, column.test);
    }
    Table table{{"setting"}};
    table[0].insert(table[0].end(), tests.begin(), tests.end());
    for (const auto& setting : settings) {
        table.push_back({setting});
        for (const auto& test : tests) {
            const auto found = std::find_if(
                results.columns.begin(), results.columns.end(),
                [&](const Column& each) { return each.setting == setting && each.test == test; });
            table.back().push_back(
                found == results.columns.end() ? "-" : cell(results.recipes.front(), found->name));
        }
    }
    return table;
}

/// "mean (low-high)", the mean alone of one value, "-" of none.
template <typename Text>
std::string range_text(const Spread& spread, const char* to, const Text& text) {
    if (std::isnan(spread.mean)) {
        return "-";
    }
    return spread.low == spread.high ? text(spread.mean)
                                     : fmt::format("{} ({}{}{})", text(spread.mean),
                                                   text(spread.low), to, text(spread.high));
}

}  // namespace

std::string spread_text(const Spread& spread, double scale, int digits) {
    return range_text(spread, "-",
                      [&](double value) { return fmt::format("{:.{}f}", scale * value, digits); });
}

std::string gain_text(const Spread& gain, double scale, int digits) {
    return range_text(gain, " to ",
                      [&](double value) { return fmt::format("{:+.{}f}", scale * value, digits); });
}

Table table_of(const Results& results, const Cell& cell) {
    if (results.recipes.size() == 1) {
        return settings_by_tests(results, cell);
    }
    std::vector<std::string> columns;
    for (const auto& column : results.columns) {
        columns.push_back(column.name);
    }
    const bool recipes_down = results.recipes.size() >= columns.size();
    const auto& down = recipes_down ? results.recipes : columns;
    const auto& across = recipes_down ? columns : results.recipes;
    Table table{{recipes_down ? "recipe" : "setting"}};
    table[0].insert(table[0].end(), across.begin(), across.end());
    for (const auto& row : down) {
        table.push_back({row});
        for (const auto& each : across) {
            table.back().push_back(recipes_down ? cell(row, each) : cell(each, row));
        }
    }
    return table;
}

std::vector<TitledTable> tables_of(const Study& study, const Plan& plan, const Results& results,
                                   const Durations& durations) {
    std::vector<TitledTable> tables;
    for (const auto& metric : metrics()) {
        tables.push_back(
            {metric.title, table_of(results, [&](const auto& recipe, const auto& column) {
                 return spread_text(results.spread(recipe, column, metric.key), metric.scale,
                                    metric.digits);
             })});
        if (!metric.compared || study.baseline.empty()) {
            continue;
        }
        tables.push_back(
            {fmt::format("Gain over {}, seed by seed (`{}`), points", study.baseline, metric.key),
             table_of(results, [&](const auto& recipe, const auto& column) {
                 return gain_text(results.gain(recipe, study.baseline, column, metric.key),
                                  metric.scale, metric.digits);
             })});
        if (!study.oracle.empty()) {
            tables.push_back({fmt::format("Gap from {} to {} that is closed (`{}`), %",
                                          study.baseline, study.oracle, metric.key),
                              table_of(results, [&](const auto& recipe, const auto& column) {
                                  return evaluation::percent_text(
                                      gap_closed(study, results, recipe, column, metric.key));
                              })});
        }
    }
    tables.push_back(
        {"Training: the last ten logged values", training_table(study, plan, durations)});
    for (const auto& column : results.columns) {
        tables.push_back({"IoU per class, %: " + column.name, class_table(results, column.name)});
    }
    return tables;
}

std::string terminal_table(const Results& results) {
    const Metric& headline = metrics().front();
    const Table table = table_of(results, [&](const auto& recipe, const auto& column) {
        return spread_text(results.spread(recipe, column, headline.key), headline.scale,
                           headline.digits);
    });
    std::string text = fmt::format("{}\n", headline.title);
    for (const auto& row : table) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            std::size_t width = 0;
            for (const auto& other : table) {
                width = std::max(width, other[i].size());
            }
            text += i == 0 ? fmt::format("{:<{}}", row[i], width)
                           : fmt::format("  {:>{}}", row[i], width);
        }
        text += "\n";
    }
    return text;
}

}  // namespace distillar::study
