#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "evaluation/svg.hpp"
#include "study/durations.hpp"
#include "study/plan.hpp"

namespace distillar::study {

/// Mean and range; NaN of nothing.
evaluation::Spread spread_of(const std::vector<double>& values);

/// Adds a name that is not there yet.
void add_once(std::vector<std::string>& names, const std::string& name);

/// A setting's test: "setting", or "setting -> test" where the setting has several.
struct Column {
    std::string setting;
    std::string test;
    std::string name;
};
Column column_of(const Study& study, const std::string& setting, const std::string& test);

/// What a study has found so far: the tests' JSON files that are there, by recipe and name of the
/// column, and by seed.
struct Results {
    std::vector<std::string> recipes;  ///< that have a result, in the study's order
    std::vector<Column> columns;
    std::map<std::pair<std::string, std::string>, std::map<std::uint64_t, nlohmann::json>> cells;

    /// A value over the seeds; NaN where there is none.
    evaluation::Spread spread(const std::string& recipe, const std::string& column,
                              const std::string& metric) const;
    /// The same of one class's IoU.
    evaluation::Spread class_spread(const std::string& recipe, const std::string& column,
                                    std::size_t class_index) const;
    /// What a recipe has more than another, seed by seed, over the seeds that both have.
    evaluation::Spread gain(const std::string& recipe, const std::string& over,
                            const std::string& column, const std::string& metric) const;
};

Results gather(const Study& study, const Plan& plan);

/// A figure that tests give.
struct Metric {
    const char* key;    ///< in the tests' JSON
    const char* title;  ///< of its table
    double scale;       ///< of the numbers shown
    int digits;
    bool compared;  ///< with the baseline and the oracle?
};
const std::vector<Metric>& metrics();

/// Share of the way from the baseline's mean to the oracle's; NaN unless both are there and the
/// oracle's is above.
double gap_closed(const Study& study, const Results& results, const std::string& recipe,
                  const std::string& column, const std::string& metric);

/// Rows of text, the first the head, the first column names.
using Table = std::vector<std::vector<std::string>>;

/// What stands in a table for a recipe and the name of a column.
using Cell = std::function<std::string(const std::string& recipe, const std::string& column)>;

/// One cell for each recipe and column, the longer of both downwards; of one recipe alone its
/// settings downwards, their tests across.
Table table_of(const Results& results, const Cell& cell);
/// "41.2 (39.0-43.1)"; the mean alone of one value; "-" of none.
std::string spread_text(const evaluation::Spread& spread, double scale, int digits);
/// The same of differences: "+2.0 (-0.3 to +4.1)".
std::string gain_text(const evaluation::Spread& gain, double scale, int digits);

struct TitledTable {
    std::string title;
    Table table;
};
/// Every table of a study: metrics, gap closed, training, IoU per class.
std::vector<TitledTable> tables_of(const Study& study, const Plan& plan, const Results& results,
                                   const Durations& durations);

/// results.md, results.json. @throws base::Error if they cannot be written.
void write_results(const Study& study, const Plan& plan, const Results& results,
                   const Durations& durations, const std::filesystem::path& out);
/// report.html: the tables, bars, curves, links to the pages of runs and tests.
void write_report(const Study& study, const Plan& plan, const Results& results,
                  const Durations& durations, const std::filesystem::path& out);

/// The table of the headline, for the terminal.
std::string terminal_table(const Results& results);

}  // namespace distillar::study
