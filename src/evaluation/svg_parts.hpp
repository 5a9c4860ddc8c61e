#pragma once
/// Private to evaluation: the elements that its SVG charts are made of.
#include <string>
#include <string_view>
#include <vector>

namespace distillar::evaluation::svg {

/// A drawing of this size in units of its own; the page scales it.
std::string drawing(double width, double height, const std::string& elements);

/// @param anchor  "start", "middle", "end".
/// @param kind    classes of html.hpp's style: "soft", "on", "".
std::string text(double x, double y, std::string_view words, const char* anchor = "start",
                 const char* kind = "");
std::string line(double x1, double y1, double x2, double y2, const char* kind);
/// @param look  more attributes, e.g. "fill=\"var(--s0)\"".
std::string box(double x, double y, double width, double height, const std::string& look,
                std::string_view hint = "");

/// "var(--s0)" to "var(--s7)", then again.
std::string series_color(std::size_t index);

/// Round numbers (1, 2 or 5 times a power of ten apart) from at or below `low` to at or above
/// `high`, at most about `count` steps.
std::vector<double> axis_ticks(double low, double high, int count);

/// About how wide the words are.
double width_of(std::string_view words);

/// Swatches with names from (0, 0) on, wrapped at `width`; `height` is what they take, 0 for one
/// name alone.
struct Legend {
    std::string elements;
    double height = 0;
};
Legend legend(const std::vector<std::string>& names, double width);

}  // namespace distillar::evaluation::svg
