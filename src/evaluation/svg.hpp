#pragma once
/// Charts as SVG for html.hpp's pages, whose style gives their colours. All texts are escaped here.
#include <limits>
#include <string>
#include <vector>

#include "evaluation/canvas.hpp"
#include "evaluation/confusion.hpp"

namespace distillar::evaluation {

/// One curve. Where x or y is not finite the curve is interrupted.
struct Series {
    std::string name;
    std::vector<double> x;
    std::vector<double> y;
};

/// Lines over one x axis; one series needs no legend.
/// @throws base::Error if a series has x and y of different lengths.
std::string svg_lines(const std::string& x_label, const std::vector<Series>& series);

/// One horizontal bar, from 0 to 1.
struct Bar {
    std::string name;
    double value = 0;  ///< NaN: no bar, "-" instead of the number
    std::string note;  ///< behind the number
    Color color{};
};

/// Bars of fractions 0..1 under one another, numbers in percent.
std::string svg_bars(const std::vector<Bar>& bars);

/// Mean and range of what was measured several times; NaN: nothing was.
struct Spread {
    double mean = std::numeric_limits<double>::quiet_NaN();
    double low = mean;
    double high = mean;
};

/// Upright bars of several series in groups: `values[series][group]`, 0 or above, with the range as
/// a whisker.
struct GroupedBars {
    std::vector<std::string> groups;
    std::vector<std::string> series;
    std::vector<std::vector<Spread>> values;
};

/// @throws base::Error unless there is one value per series and group.
std::string svg_grouped_bars(const GroupedBars& bars);

/// Rows truth, columns prediction, each cell the percentage of its row; the counts show when
/// pointed at. Rows without points stay empty.
/// @throws base::Error unless there is one name per class.
std::string svg_confusion(const ConfusionMatrix& matrix, const std::vector<std::string>& names);

}  // namespace distillar::evaluation
