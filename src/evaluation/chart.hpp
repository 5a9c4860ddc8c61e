#pragma once
#include <string>
#include <vector>

#include "evaluation/canvas.hpp"

namespace distillar::evaluation {

/// One curve. Where x or y is not finite the curve is interrupted.
struct Series {
    std::string name;
    std::vector<double> x;
    std::vector<double> y;
};

/// A line chart with axes, grid and legend, each series in a colour of its own.
struct Chart {
    std::string title;
    std::string x_label;
    std::string y_label;
    std::vector<Series> series;
    int width = 960;
    int height = 560;
};

/// @throws base::Error if a series has x and y of different lengths, or the picture is smaller than
///         320 x 240 pixels.
formats::Image draw_chart(const Chart& chart);

/// @throws base::Error if a series has x and y of different lengths.
void check_series(const Series& series);

/// Round numbers (1, 2 or 5 times a power of ten apart) from at or below `low` to at or above
/// `high`, at most about `count` steps.
std::vector<double> axis_ticks(double low, double high, int count);

}  // namespace distillar::evaluation
